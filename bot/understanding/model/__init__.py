"""The sentence encoder and the rankers that learn from data/nlu."""
