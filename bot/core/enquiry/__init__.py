"""Questions put to the guide, answered from the policies and the handbook."""
