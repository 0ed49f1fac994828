package dev.athanor.gateway.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.message.MetricPoint;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DownsamplingTest {

    private static List<MetricPoint> series(int n, java.util.function.IntToDoubleFunction value) {
        var points = new ArrayList<MetricPoint>();
        for (int i = 0; i < n; i++) {
            points.add(new MetricPoint("loss", i, value.applyAsDouble(i)));
        }
        return points;
    }

    @Test
    void keepsTheOnePeakOfAFlatSeries() {
        List<MetricPoint> kept = Downsampling.largestTriangles(series(10_000, i -> i == 4_321 ? 9 : 1), 50);
        assertThat(kept).hasSize(50).anySatisfy(p -> assertThat(p.step()).isEqualTo(4_321));
    }

    @Test
    void aShortSeriesIsLeftAsItIs() {
        List<MetricPoint> few = series(10, i -> i);
        assertThat(Downsampling.largestTriangles(few, 10)).isEqualTo(few);
    }

    @Property(tries = 200)
    void keepsFirstAndLastInOrderAndOnlyTruePoints(
            @ForAll @IntRange(min = 1, max = 3000) int n, @ForAll @IntRange(min = 3, max = 400) int most) {
        List<MetricPoint> points = series(n, i -> Math.sin(i * 0.37) * i);
        List<MetricPoint> kept = Downsampling.largestTriangles(points, most);
        assertThat(kept).hasSize(Math.min(n, most));
        assertThat(kept.getFirst()).isEqualTo(points.getFirst());
        assertThat(kept.getLast()).isEqualTo(points.getLast());
        assertThat(points).containsAll(kept);
        assertThat(kept).isSortedAccordingTo(java.util.Comparator.comparingLong(MetricPoint::step));
        assertThat(kept).doesNotHaveDuplicates();
    }
}
