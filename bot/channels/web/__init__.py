"""The web page: sessions, sign-in and the channel."""
