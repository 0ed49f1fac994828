package dev.athanor.finetune.classifier;

/**
 * Examples as the model takes them.
 *
 * @param tokens ids of each text, cut to the context
 * @param classes class index of each text
 */
record TokenizedExamples(int[][] tokens, int[] classes) {

    TokenizedExamples {
        if (tokens.length != classes.length) {
            throw new IllegalArgumentException(
                    "expected as many classes as texts (" + tokens.length + "), got " + classes.length);
        }
    }

    int size() {
        return tokens.length;
    }

    long tokenCount() {
        long count = 0;
        for (int[] text : tokens) {
            count += text.length;
        }
        return count;
    }

    TokenizedExamples pick(int[] indices) {
        var pickedTokens = new int[indices.length][];
        var pickedClasses = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            pickedTokens[i] = tokens[indices[i]];
            pickedClasses[i] = classes[indices[i]];
        }
        return new TokenizedExamples(pickedTokens, pickedClasses);
    }
}
