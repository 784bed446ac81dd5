"""The guide in Slack: direct messages, a command and a home tab."""
