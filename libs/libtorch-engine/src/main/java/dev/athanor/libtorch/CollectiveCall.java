package dev.athanor.libtorch;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What a member asks of the others, in words that all members can compare.
 *
 * @param operation which
 * @param detail the number of the {@link ProcessGroup.Reduction}, or the root, or 0
 * @param type number of the {@link DataType} of the first array, -1 without one
 * @param arrays how many
 * @param elements of all of them
 * @param layout a hash of each one's type and size
 */
record CollectiveCall(Operation operation, long detail, int type, int arrays, long elements, long layout) {
    /** Names as in {@link ProcessGroup}. */
    enum Operation {
        ALL_REDUCE("allReduce"),
        BROADCAST("broadcast"),
        REDUCE_SCATTER("reduceScatter"),
        ALL_GATHER("allGather"),
        BARRIER("barrier");

        private final String text;

        Operation(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** How many numbers {@link #words} gives. */
    static final int WORDS = 6;

    static CollectiveCall of(Operation operation, long detail, List<Tensor> tensors) {
        long elements = 0;
        long layout = 17;
        for (Tensor tensor : tensors) {
            elements += tensor.numel();
            layout = 31 * (31 * layout + tensor.numel())
                    + LtTypes.dataType(tensor).ordinal();
        }
        int type = tensors.isEmpty() ? -1 : LtTypes.dataType(tensors.getFirst()).ordinal();
        return new CollectiveCall(operation, detail, type, tensors.size(), elements, layout);
    }

    long[] words() {
        return new long[] {operation.ordinal(), detail, type, arrays, elements, layout};
    }

    /**
     * Nothing where all members say the same, otherwise who said what.
     *
     * @param words {@link #WORDS} numbers of each member, by rank
     */
    static String differences(long[] words) {
        StringBuilder text = new StringBuilder();
        boolean same = true;
        for (int from = 0; from < words.length; from += WORDS) {
            same &= Arrays.equals(words, 0, WORDS, words, from, from + WORDS);
            text.append(from == 0 ? "member " : ", member ")
                    .append(from / WORDS)
                    .append(' ');
            describe(text, Arrays.copyOfRange(words, from, from + WORDS));
        }
        return same ? "" : text.toString();
    }

    private static void describe(StringBuilder text, long[] words) {
        Operation[] operations = Operation.values();
        int which = Math.clamp(words[0], 0, operations.length - 1);
        text.append(operations[which]);
        if (operations[which] == Operation.BARRIER) {
            return;
        }
        if (operations[which] == Operation.ALL_REDUCE) {
            ProcessGroup.Reduction[] reductions = ProcessGroup.Reduction.values();
            text.append(' ').append(reductions[Math.clamp(words[1], 0, reductions.length - 1)]);
        } else if (operations[which] == Operation.BROADCAST) {
            text.append(" from ").append(words[1]);
        }
        text.append(" of ").append(words[4]);
        DataType[] types = DataType.values();
        if (words[2] >= 0 && words[2] < types.length) {
            text.append(' ').append(types[(int) words[2]]);
        }
        if (words[3] != 1) {
            text.append(" in ").append(words[3]).append(" arrays");
            text.append(" (layout ").append(Long.toHexString(words[5])).append(')');
        }
    }

    /** As it stands in messages. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        describe(text, words());
        return text.toString();
    }
}
