"""Account events, costs, profit and loss, and positions in tables."""
