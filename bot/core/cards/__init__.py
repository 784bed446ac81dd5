"""Cards for advice and cases; each channel draws them in its own way."""
