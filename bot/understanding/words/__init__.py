"""What understanding reads words with: the sheets of this folder, and plain text tools."""
