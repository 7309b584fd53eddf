"""What links tell beyond a single entity: the network of a version, paths, matches, suggestions, structure; no HTTP."""
