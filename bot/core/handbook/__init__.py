"""What the guide says of its own: standing guidance, general answers, and their topics."""
