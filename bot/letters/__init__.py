"""Letter files: drafts with named gaps, and the code that reads them."""
