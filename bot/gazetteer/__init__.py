"""The places of the United Kingdom and whose children they are; it knows no policy."""
