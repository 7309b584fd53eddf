"""What links tell beyond a single entity: the network of a version, and what is found in it; no HTTP, no words."""
