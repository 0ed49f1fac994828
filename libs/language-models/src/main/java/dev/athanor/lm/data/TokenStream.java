package dev.athanor.lm.data;

/** A long run of token ids with random access: the token shards of a corpus, one after another. Safe for several threads. */
public interface TokenStream {

    /** Number of tokens. */
    long size();

    /** Copies {@code count} ids from position {@code from} on into {@code into}, starting at {@code offset}. */
    void read(long from, int count, long[] into, int offset);

    /** Number of the document that a position lies in, ascending with the position; 0 everywhere if the stream knows none. */
    default long documentAt(long position) {
        return 0;
    }

    /** A stream over an array, which is not copied. */
    static TokenStream of(int[] ids) {
        return new TokenStream() {
            @Override
            public long size() {
                return ids.length;
            }

            @Override
            public void read(long from, int count, long[] into, int offset) {
                for (int i = 0; i < count; i++) {
                    into[offset + i] = ids[Math.toIntExact(from + i)];
                }
            }
        };
    }
}
