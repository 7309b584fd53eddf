"""What tests of several folders share: a small observatory on disk, and the site over it. Imports are inside, so that it costs nobody."""
