using Appliance.Detector.Features;
using Appliance.Detector.Models;
using Appliance.Hosting.Errors;
using Google.Protobuf;
using Onnx;

namespace Appliance.Detector.Tests.Models;

public sealed class OnnxFileTests
{
    private const string Name = "m.onnx";

    [Fact]
    public void What_was_written_is_read_back()
    {
        var model = SmallModel.Create();

        var read = OnnxReader.Read(OnnxWriter.Write(model), Name);

        Assert.Equal(OnnxWriter.Write(model), OnnxWriter.Write(read));
        Assert.Equal(model.Features, read.Features);
        Assert.Equal(model.Threshold, read.Threshold);
        Assert.Equal(model.Created, read.Created);
        Assert.Equal(model.Provenance, read.Provenance);
        Assert.Equal(model.Calibration.PValue(0.25f), read.Calibration.PValue(0.25f));
    }

    [Fact]
    public void A_model_scores_the_same_after_a_round_trip()
    {
        var model = SmallModel.Create();
        var windows = SmallModel.Windows(20);
        float[] before = new float[20], after = new float[20];

        new PlainScorer(model).Score(windows, 20, before, []);
        new PlainScorer(OnnxReader.Read(OnnxWriter.Write(model), Name)).Score(windows, 20, after, []);

        Assert.Equal(before, after);
    }

    [Fact]
    public void A_file_that_was_cut_short_is_refused()
    {
        var file = OnnxWriter.Write(SmallModel.Create());

        AssertRefused(file[..(file.Length / 2)], "m.onnx is refused: it is damaged or no ONNX file");
    }

    [Fact]
    public void A_file_of_something_else_is_refused() =>
        AssertRefused("<html>Not found</html>"u8.ToArray(), "it is damaged or no ONNX file");

    [Fact]
    public void An_empty_file_is_refused() => AssertRefused([], "it is damaged or no ONNX file (IR version 0, no graph)");

    [Fact]
    public void A_huge_file_is_refused_unread() => AssertRefused(new byte[OnnxReader.LargestFile + 1], "it has 4194305 bytes, a model has at most 4194304");

    [Fact]
    public void Functions_beside_the_graph_are_refused()
    {
        AssertRefused(Changed(proto => proto.Functions.Add(new FunctionProto { Name = "Relu" })), "it has 1 functions and 0 training graphs, a model has none");
        AssertRefused(Changed(proto => proto.TrainingInfo.Add(new TrainingInfoProto())), "it has 0 functions and 1 training graphs, a model has none");
    }

    [Fact]
    public void Another_schema_version_is_refused_with_both_versions() =>
        AssertRefused(Changed(proto => Metadata(proto, "schema_version").Value = "7"), "its schema version is '7', this program's windows are version 1");

    [Fact]
    public void Other_features_are_refused_by_name() =>
        AssertRefused(
            Changed(proto => Metadata(proto, "features").Value = Metadata(proto, "features").Value.Replace("asked_refused", "asked_twice", StringComparison.Ordinal)),
            "its feature 5 is 'asked_twice', schema 1 has 'asked_refused' there");

    [Fact]
    public void Fewer_features_are_refused_with_both_counts() =>
        AssertRefused(Changed(proto => Metadata(proto, "features").Value = "a,b"), $"it has 2 features, schema 1 has {FeatureSchema.Count}");

    [Theory]
    [InlineData("schema_version")]
    [InlineData("features")]
    [InlineData("threshold")]
    [InlineData("calibration")]
    [InlineData("provenance")]
    [InlineData("created")]
    public void Missing_metadata_is_refused_by_name(string key) =>
        AssertRefused(Changed(proto => proto.MetadataProps.Remove(Metadata(proto, key))), $"its metadata lacks '{key}'");

    [Theory]
    [InlineData("NaN")]
    [InlineData("-1")]
    [InlineData("high")]
    public void A_threshold_that_is_none_is_refused(string threshold) =>
        AssertRefused(Changed(proto => Metadata(proto, "threshold").Value = threshold), $"its threshold is '{threshold}'");

    [Theory]
    [InlineData("")]
    [InlineData("4;0.1:3")]
    [InlineData("4;0.1:4,0.1:3")]
    [InlineData("4;0.1:4,0.2:4")]
    [InlineData("0;0.1:0")]
    public void A_calibration_that_is_none_is_refused(string calibration) =>
        AssertRefused(Changed(proto => Metadata(proto, "calibration").Value = calibration), "its calibration can't be read");

    [Fact]
    public void A_weight_that_is_no_number_is_refused_by_place()
    {
        byte[] notANumber = [0, 0, 0xc0, 0x7f];

        AssertRefused(
            Changed(proto => Tensor(proto, "weights_2").RawData = ByteString.CopyFrom([.. notANumber, .. Tensor(proto, "weights_2").RawData.Span[4..]])),
            "value 0 of its tensor 'weights_2' is NaN");
    }

    [Fact]
    public void A_tensor_of_another_shape_is_refused_with_both_shapes() =>
        AssertRefused(Changed(proto => Tensor(proto, "offsets").Dims[0] = 7), $"its tensor 'offsets' is Float[7], Float[{FeatureSchema.Count}] is expected");

    [Fact]
    public void A_tensor_with_bytes_missing_is_refused() =>
        AssertRefused(
            Changed(proto => Tensor(proto, "biases_1").RawData = ByteString.CopyFrom(new byte[60])),
            "its tensor 'biases_1' has 60 bytes, 64 are expected");

    [Fact]
    public void A_graph_that_computes_something_else_is_refused() =>
        AssertRefused(Changed(proto => proto.Graph.Node[2].OpType = "Exp"), "it has 'Exp' where 'Log' is expected");

    [Fact]
    public void A_graph_with_a_further_node_is_refused() =>
        AssertRefused(Changed(proto => proto.Graph.Node.Add(new NodeProto { OpType = "Abs" })), "it has 'Abs' where nothing is expected");

    [Fact]
    public void A_graph_wired_otherwise_is_refused() =>
        AssertRefused(Changed(proto => proto.Graph.Node[^2].Input[1] = "scaled"), "its graph is not the one that this program's scorer computes");

    [Fact]
    public void Another_opset_is_refused_with_both() =>
        AssertRefused(Changed(proto => proto.OpsetImport[0].Version = 9), "it has IR version 8 and opset 9, this program runs 8 and 17");

    [Fact]
    public void A_scale_of_zero_is_refused() =>
        AssertRefused(
            Changed(proto => Tensor(proto, "scales").RawData = ByteString.CopyFrom(new byte[FeatureSchema.Count * 4])),
            "it has a scale of 0");

    private static byte[] Changed(Action<ModelProto> change)
    {
        var proto = ModelProto.Parser.ParseFrom(OnnxWriter.Write(SmallModel.Create()));
        change(proto);
        return proto.ToByteArray();
    }

    private static StringStringEntryProto Metadata(ModelProto proto, string key) => proto.MetadataProps.Single(entry => entry.Key == key);

    private static TensorProto Tensor(ModelProto proto, string name) => proto.Graph.Initializer.Single(tensor => tensor.Name == name);

    private static void AssertRefused(byte[] file, string fault)
    {
        var error = Assert.Throws<InvalidInputException>(() => OnnxReader.Read(file, Name));

        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }
}
