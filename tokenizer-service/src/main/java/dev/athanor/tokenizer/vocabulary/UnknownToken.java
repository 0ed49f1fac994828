package dev.athanor.tokenizer.vocabulary;

import java.util.ArrayList;
import java.util.List;

/** The token that stands for what a vocabulary does not know: algorithms without bytes to fall back on need one. */
final class UnknownToken {

    static final String NAME = "[UNK]";

    private UnknownToken() {}

    /** The special tokens, with the unknown token behind them if it is not among them. */
    static List<String> among(List<String> specialTokens) {
        if (specialTokens.contains(NAME)) {
            return specialTokens;
        }
        List<String> more = new ArrayList<>(specialTokens);
        more.add(NAME);
        return more;
    }
}
