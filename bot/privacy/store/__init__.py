"""Where conversations are stored, and what is done before they are."""
