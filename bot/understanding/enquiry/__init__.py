"""Questions put to the guide, in typed text."""
