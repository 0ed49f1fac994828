package dev.athanor.tokenizer.encoding;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.spec.EncodeSpec;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.tokenizers.EndToken;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;

/** Documents with the end-of-sequence token behind each; packed by first fit if the specification says so. */
final class DocumentEncoder implements ShardEncoder {

    private final Tokenizer tokenizer;
    private final OovCounts oov;
    private final Holdout holdout;
    private final int end;
    private final IntList ids = new IntList();
    private final SplitWriter train;
    private final SplitWriter validation;
    private final int packedLength;

    DocumentEncoder(TaskContext<EncodeSpec> context, Tokenizer tokenizer, OovCounts oov) throws IOException {
        this.tokenizer = tokenizer;
        this.oov = oov;
        end = EndToken.of(tokenizer)
                .orElseThrow(() -> new AthanorException(
                        ErrorCode.INVALID_SPEC,
                        "the tokenizer has no end-of-sequence token: expected one of " + EndToken.NAMES));
        EncodeSpec spec = context.spec();
        holdout = Holdout.of(
                spec.validationFraction(),
                context.input("documents").counts().getOrDefault("documents", 0L),
                context.seed());
        packedLength = spec.packing().equals("first-fit") ? spec.sequenceLength() : 0;
        train = SplitWriter.of("train", context, tokenizer);
        validation = SplitWriter.of("validation", context, tokenizer);
    }

    @Override
    public void add(Document document) throws IOException {
        ids.clear();
        tokenizer.encodeIds(document.text(), ids);
        oov.add(document.text(), ids);
        ids.add(end);
        int n = ids.size();
        int bytes = document.text().getBytes(StandardCharsets.UTF_8).length;
        int held = holdout.heldOut(document.id(), n);
        train.add(ids.array(), 0, n - held, share(bytes, n - held, n));
        validation.add(ids.array(), n - held, n, share(bytes, held, n));
    }

    /** The part of a document's bytes that belongs to some of its tokens; exact for all or none of them. */
    private static long share(long bytes, int tokens, int all) {
        return Math.round((double) bytes * tokens / all);
    }

    @Override
    public void publish(String shard, List<ArtifactFile> files, SortedMap<String, Long> counts) throws IOException {
        for (SplitWriter split : List.of(train, validation)) {
            split.publish(shard, files, counts);
            if (packedLength > 0) {
                split.publishPacked(shard, packedLength, files, counts);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (train;
                validation) {
            // closed in any case
        }
    }
}
