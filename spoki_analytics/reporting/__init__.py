"""Reports: run a notebook with papermill, publish it as one HTML file, keep the runs and their index."""
