"""Cases saved under a code, sealed so that only the code opens them."""
