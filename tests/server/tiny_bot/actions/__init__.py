"""The tiny bot's actions: what works, and each way of failing."""
