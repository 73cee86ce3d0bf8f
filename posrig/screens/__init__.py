"""What shows the display: console bytes and camera photos, each read into pictures of rows."""

import os

# before NumPy is loaded by whoever reads photos: the matrices of a display are small, and threads that wait for each
# other over them cost ten times the computing (finding the corners: 11 s of CPU on two cores, 1 s without threads)
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
