package dev.athanor.evaluation.baseline;

/**
 * Rows of few non-zero values (compressed sparse rows).
 *
 * @param columns number of columns
 * @param start row r's values are those from {@code start[r]} to before {@code start[r + 1]}
 * @param column of each value
 */
record SparseMatrix(int columns, int[] start, int[] column, float[] value) {

    int rows() {
        return start.length - 1;
    }
}
