"""Charts: metric frames in, matplotlib figures out, each with the finding in its title and alt text.

Figures are `matplotlib.figure.Figure`, never pyplot, so that nothing global is touched. A chart function gives None
where there is nothing to draw: the page then says so instead.
"""
