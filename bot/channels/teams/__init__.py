"""Microsoft Teams, by the Bot Connector's own protocol: deliveries, answers and cards."""
