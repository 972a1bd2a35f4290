"""The processes in which notebooks run: started from scratch, or forked from one that has imported everything."""
