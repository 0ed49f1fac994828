package dev.athanor.inference.serving;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.inference.batching.BatchLimits;
import dev.athanor.inference.batching.MicroBatcher;
import dev.athanor.inference.deployment.Prediction;
import dev.athanor.inference.deployment.ServedModel;
import dev.athanor.lm.TextClassifier;
import dev.athanor.lm.TextEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A classifier whose texts are tokenized on the callers' threads and computed in batches with those of other callers. */
public final class BatchedClassifier implements ServedModel {

    private final TextClassifier classifier;
    private final MicroBatcher batcher;
    private final ServingListener listener;

    /** @param classifier is closed with this */
    public BatchedClassifier(String name, TextClassifier classifier, BatchLimits limits, ServingListener listener) {
        this.classifier = classifier;
        this.listener = listener;
        this.batcher = new MicroBatcher(name, classifier.model()::predict, limits, listener);
    }

    @Override
    public List<Prediction> classify(List<String> texts, long deadline) {
        long begun = System.nanoTime();
        List<TextEncoder.Encoded> encoded =
                texts.stream().map(classifier.encoder()::encode).toList();
        listener.tokenized(System.nanoTime() - begun);
        List<CompletableFuture<float[]>> results =
                batcher.submit(encoded.stream().map(TextEncoder.Encoded::ids).toList(), deadline);
        List<Prediction> predictions = new ArrayList<>(results.size());
        try {
            for (int i = 0; i < results.size(); i++) {
                predictions.add(prediction(
                        await(results.get(i), deadline), encoded.get(i).truncated()));
            }
            return predictions;
        } catch (AthanorException e) {
            results.forEach(result -> result.cancel(false));
            throw e;
        }
    }

    private static float[] await(CompletableFuture<float[]> result, long deadline) {
        try {
            return result.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new AthanorException(ErrorCode.TIMEOUT, "the model did not answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AthanorException(ErrorCode.UNAVAILABLE, "the service is shutting down", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof AthanorException known
                    ? known
                    : new AthanorException(ErrorCode.INTERNAL, "the model failed", e.getCause());
        }
    }

    private Prediction prediction(float[] probabilities, boolean truncated) {
        List<String> labels = classifier.labels();
        Map<String, Double> byLabel = new LinkedHashMap<>();
        int best = 0;
        for (int c = 0; c < probabilities.length; c++) {
            byLabel.put(labels.get(c), (double) probabilities[c]);
            best = probabilities[c] > probabilities[best] ? c : best;
        }
        return new Prediction(labels.get(best), byLabel, truncated);
    }

    @Override
    public void close() {
        batcher.close();
        classifier.close();
    }
}
