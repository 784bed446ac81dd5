"""Microsoft Teams, by the Bot Connector's own protocol: what comes in, what goes out, its cards."""
