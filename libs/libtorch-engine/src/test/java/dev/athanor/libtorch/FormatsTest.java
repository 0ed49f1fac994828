package dev.athanor.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.JitModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DJL's encodings, saved models, TorchScript, the launch settings and the doctor. */
class FormatsTest {
    @TempDir
    Path folder;

    @Test
    void listsSurviveEveryEncoding() throws IOException {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            for (NDList.Encoding encoding : NDList.Encoding.values()) {
                for (DataType type : new DataType[] {
                    DataType.FLOAT32, DataType.FLOAT64, DataType.INT64, DataType.INT32, DataType.UINT8
                }) {
                    NDArray a = manager.arange(6f).reshape(2, 3).transpose().toType(type, false);
                    a.setName("a");
                    NDArray b = manager.ones(new Shape(), type);
                    b.setName("b");
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    new NDList(a, b).encode(out, encoding);
                    Path file = Files.write(folder.resolve("list"), out.toByteArray());
                    NDList back = manager.load(file);
                    assertThat(back).as("%s %s", encoding, type).hasSize(2);
                    assertThat(back.get("a").contentEquals(a)).isTrue();
                    assertThat(back.get("b").contentEquals(b)).isTrue();
                }
            }
            NDArray low = manager.arange(3f).toType(DataType.BFLOAT16, false);
            low.setName("low");
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new NDList(low).encode(out, NDList.Encoding.SAFETENSORS);
            assertThat(NDList.decode(manager, out.toByteArray()).head().contentEquals(low))
                    .isTrue();
            assertThat(NDArray.decode(manager, low.encode()).contentEquals(low)).isTrue();
        }
    }

    @Test
    void aModelIsSavedAndLoaded() throws IOException, MalformedModelException {
        try (Model model = Model.newInstance("m", "LibTorch");
                Model copy = Model.newInstance("m", "LibTorch");
                NDManager manager = NDManager.newBaseManager("LibTorch")) {
            model.setBlock(
                    new SequentialBlock().add(Linear.builder().setUnits(3).build()));
            model.getBlock().initialize(manager, DataType.FLOAT32, new Shape(1, 2));
            model.save(folder, "m");
            copy.setBlock(new SequentialBlock().add(Linear.builder().setUnits(3).build()));
            copy.load(folder, "m");
            NDArray x = manager.ones(new Shape(4, 2));
            ParameterStore store = new ParameterStore(manager, false);
            NDArray expected =
                    model.getBlock().forward(store, new NDList(x), false).head();
            assertThat(copy.getBlock()
                            .forward(store, new NDList(x), false)
                            .head()
                            .contentEquals(expected))
                    .isTrue();
        }
    }

    @Test
    void torchScriptRunsAsASymbolBlock() throws IOException, MalformedModelException {
        try (org.bytedeco.javacpp.PointerScope scope = new org.bytedeco.javacpp.PointerScope()) {
            JitModule module = new JitModule(new org.bytedeco.pytorch.QualifiedName("m"));
            module.register_parameter("weight", org.bytedeco.pytorch.global.torch.ones(2, 2), false);
            module.define("def forward(self, x, y):\n    return x @ self.weight + y, {\"sum\": x + y}, [x, y]\n");
            module.save(folder.resolve("script.pt").toString());
        }
        try (Model model = Model.newInstance("script", "LibTorch");
                NDManager manager = NDManager.newBaseManager("LibTorch")) {
            model.load(folder);
            NDArray x = manager.create(new float[] {1, 2}, new Shape(1, 2));
            NDArray y = manager.ones(new Shape(1, 2));
            ParameterStore store = new ParameterStore(manager, false);
            NDList result = model.getBlock().forward(store, new NDList(x, y), false);
            assertThat(result).hasSize(4);
            assertThat(result.get(0).toFloatArray()).containsExactly(4, 4);
            assertThat(result.get("sum").toFloatArray()).containsExactly(2, 3);
            assertThat(model.getBlock().getDirectParameters().keys()).containsExactly("weight");
            assertThat(model.getBlock().getOutputShapes(new Shape[] {new Shape(3, 2), new Shape(2)})[0])
                    .isEqualTo(new Shape(3, 2));
            assertThatThrownBy(() -> model.getBlock().forward(store, new NDList(x), false))
                    .isInstanceOf(ai.djl.engine.EngineException.class);
        }
        Files.writeString(folder.resolve("bad.pt"), "no zip");
        try (Model bad = Model.newInstance("bad", "LibTorch")) {
            assertThatThrownBy(() -> bad.load(folder, "bad"))
                    .isInstanceOf(MalformedModelException.class)
                    .hasMessageContaining("bad.pt");
            assertThatThrownBy(() -> bad.load(folder, "none")).isInstanceOf(java.io.FileNotFoundException.class);
        }
    }

    /** The tests themselves run under the settings that they ask of everyone. */
    @Test
    void launchSettingsAreWhatTheTestsRunWith() {
        assertThat(LaunchSettings.problems(LaunchSettings.environment())).isEmpty();
        assertThat(LaunchSettings.problems(System.getenv())).isEmpty();
        List<String> problems = LaunchSettings.problems(Map.of("OMP_WAIT_POLICY", "ACTIVE"));
        assertThat(problems).hasSize(2);
        assertThat(String.join(" ", problems)).contains("OPENBLAS_NUM_THREADS is unset", "OMP_WAIT_POLICY is ACTIVE");
        assertThat(LaunchSettings.problems(Map.of("OMP_NUM_THREADS", "1"))).isEmpty();
    }

    @Test
    void float32ProductsMayBeCoarser() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            assertThat(Float32Precision.current()).isEqualTo(Float32Precision.HIGHEST);
            NDArray a = manager.randomNormal(new Shape(64, 64));
            NDArray b = manager.randomNormal(new Shape(64, 64));
            NDArray exact = a.matMul(b);
            try {
                for (Float32Precision precision : Float32Precision.values()) {
                    precision.use();
                    assertThat(Float32Precision.current()).isEqualTo(precision);
                    assertThat(a.matMul(b).allClose(exact, 0, 0.3, false)).isTrue();
                }
            } finally {
                Float32Precision.HIGHEST.use();
            }
            assertThat(a.matMul(b)).isEqualTo(exact);
        }
        assertThat(Float32Precision.of(" Medium ")).isEqualTo(Float32Precision.MEDIUM);
        assertThatThrownBy(() -> Float32Precision.of("low")).hasMessageContaining("expected highest, high or medium");
    }

    @Test
    void theDoctorFindsAWorkingEngine() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(new Doctor(new java.io.PrintStream(out)).run()).isTrue();
        assertThat(out.toString()).contains("libtorch", "cpu features", "Gloo", "matmul bfloat16", "CUDA");
    }
}
