package dev.athanor.tokenizer.encoding;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.EncodeSpec;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.packing.PairIndex;
import dev.athanor.tokenizers.packing.SentencePairs;
import dev.athanor.tokenizers.words.EnglishTokenizer;
import dev.athanor.tokenizers.words.Sentences;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Examples for next sentence prediction, {@code [CLS] first [SEP] second [SEP]}, in place of documents. A stranger's sentences come from
 * the same document shard, so that a task needs no other; a shard of one document gives none.
 */
final class SentencePairEncoder implements ShardEncoder {

    private static final int SPECIAL_TOKENS = 3;

    private final Tokenizer tokenizer;
    private final OovCounts oov;
    private final Holdout holdout;
    private final int length;
    private final long seed;
    private final int cls;
    private final int sep;
    private final EnglishTokenizer words = new EnglishTokenizer();
    private final List<List<int[]>> trainDocuments = new ArrayList<>();
    private final List<List<int[]>> validationDocuments = new ArrayList<>();
    private final SplitWriter train;
    private final SplitWriter validation;

    SentencePairEncoder(TaskContext<EncodeSpec> context, Tokenizer tokenizer, OovCounts oov) throws IOException {
        this.tokenizer = tokenizer;
        this.oov = oov;
        length = context.spec().sequenceLength();
        cls = required("[CLS]");
        sep = required("[SEP]");
        holdout = Holdout.of(
                context.spec().validationFraction(),
                context.input("documents").counts().getOrDefault("documents", 0L),
                context.seed());
        byte[] digest = Json.sha256().digest((context.seed() + "/" + context.name()).getBytes(StandardCharsets.UTF_8));
        seed = ByteBuffer.wrap(digest).getLong();
        train = SplitWriter.of("train", context, tokenizer);
        validation = SplitWriter.of("validation", context, tokenizer);
    }

    private int required(String token) {
        int id = tokenizer.tokenToId(token);
        if (id < 0) {
            throw new AthanorException(
                    ErrorCode.INVALID_SPEC,
                    "packing: sentence-pairs needs the token " + token + ", which the tokenizer has not");
        }
        return id;
    }

    @Override
    public void add(Document document) {
        String text = document.text();
        IntList starts = Sentences.starts(text, words.tokenize(text));
        List<int[]> sentences = new ArrayList<>();
        for (int s = 0; s < starts.size(); s++) {
            int end = s + 1 < starts.size() ? starts.get(s + 1) : text.length();
            String sentence = text.substring(starts.get(s), end).strip();
            IntList ids = new IntList();
            tokenizer.encodeIds(sentence, ids);
            oov.add(sentence, ids);
            if (ids.size() > 0) {
                sentences.add(ids.toArray());
            }
        }
        int held = holdout.heldOut(document.id(), sentences.size());
        int cut = sentences.size() - held;
        addTo(trainDocuments, sentences.subList(0, cut));
        addTo(validationDocuments, sentences.subList(cut, sentences.size()));
    }

    private static void addTo(List<List<int[]>> documents, List<int[]> sentences) {
        if (!sentences.isEmpty()) {
            documents.add(List.copyOf(sentences));
        }
    }

    @Override
    public void publish(String shard, List<ArtifactFile> files, SortedMap<String, Long> counts) throws IOException {
        publish(shard, trainDocuments, train, files, counts);
        publish(shard, validationDocuments, validation, files, counts);
    }

    private void publish(
            String shard,
            List<List<int[]>> documents,
            SplitWriter split,
            List<ArtifactFile> files,
            SortedMap<String, Long> counts)
            throws IOException {
        List<PairIndex.Example> examples = new ArrayList<>();
        if (documents.size() > 1) {
            SentencePairs pairs = new SentencePairs(documents, length - SPECIAL_TOKENS, seed);
            for (int d = 0; d < documents.size(); d++) {
                for (SentencePairs.Pair pair : pairs.of(d)) {
                    int[] ids = joined(pair);
                    split.add(ids, 0, ids.length, 0);
                    examples.add(new PairIndex.Example(pair.first().length + 2, pair.isNext()));
                }
            }
        }
        split.publish(shard, files, counts);
        split.publishPairs(shard, new PairIndex(examples), files, counts);
    }

    private int[] joined(SentencePairs.Pair pair) {
        IntList ids = new IntList(pair.first().length + pair.second().length + SPECIAL_TOKENS);
        ids.add(cls);
        ids.addAll(pair.first(), 0, pair.first().length);
        ids.add(sep);
        ids.addAll(pair.second(), 0, pair.second().length);
        ids.add(sep);
        return ids.toArray();
    }

    @Override
    public void close() throws IOException {
        try (train;
                validation) {
            // closed in any case
        }
    }
}
