"""One contract suite over all stores."""
