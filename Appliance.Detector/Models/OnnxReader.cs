using System.Collections.Immutable;
using System.Globalization;
using Appliance.Detector.Features;
using Appliance.Hosting.Errors;
using Google.Protobuf;
using Onnx;

namespace Appliance.Detector.Models;

/// <summary>Reads a model file; what it returns computes exactly what the file's graph computes, or it refuses the file by name.</summary>
public static class OnnxReader
{
    /// <summary>A model of the widest layers fits.</summary>
    public const int LargestFile = 4 * 1024 * 1024;

    private const int MostLayers = 8;

    /// <param name="file">The whole file.</param>
    /// <param name="name">As messages call it, for example its path.</param>
    /// <exception cref="InvalidInputException">The file is damaged, of another schema, or not of the kind that `appliance train` writes.</exception>
    public static Autoencoder Read(ReadOnlySpan<byte> file, string name)
    {
        if (file.Length > LargestFile)
        {
            throw Refusal(name, $"it has {file.Length} bytes, a model has at most {LargestFile}; choose a model that `appliance train` wrote");
        }

        var proto = Parse(file, name);
        var metadata = ReadMetadata(proto, name);
        CheckSchema(metadata, name);
        var tensors = new TensorReader(name, proto.Graph);
        var width = FeatureSchema.Count;
        var model = new Autoencoder
        {
            SchemaVersion = FeatureSchema.Version,
            Features = [.. FeatureSchema.Names],
            Offsets = tensors.Read(ModelNames.Offsets, width),
            Scales = tensors.Read(ModelNames.Scales, width),
            InputLimit = tensors.Read(ModelNames.UpperLimit)[0],
            Layers = ReadLayers(tensors, width, name),
            Threshold = ReadThreshold(metadata[ModelNames.Threshold], name),
            Calibration = Calibration.TryParse(metadata[ModelNames.Calibration], out var calibration)
                ? calibration
                : throw Refusal(name, "its calibration can't be read; it takes 'COUNT;SCORE:COUNT,…' by ascending score: train it anew"),
            Provenance = metadata[ModelNames.Provenance],
            Created = ReadCreated(metadata[ModelNames.Created], name),
        };
        CheckScales(model, name);
        CheckGraph(proto, model, name);
        return model;
    }

    internal static InvalidInputException Refusal(string name, string fault) => new("model", $"{name} is refused: {fault}.");

    private static ModelProto Parse(ReadOnlySpan<byte> file, string name)
    {
        ModelProto proto;
        try
        {
            proto = ModelProto.Parser.ParseFrom(file);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw Refusal(name, $"it is damaged or no ONNX file ({error.Message.TrimEnd('.')}); take the original");
        }

        if (proto.Graph is null || proto.IrVersion == 0)
        {
            throw Refusal(name, $"it is damaged or no ONNX file (IR version {proto.IrVersion}, {(proto.Graph is null ? "no graph" : "a graph")}); take the original");
        }

        if (proto.Functions.Count + proto.TrainingInfo.Count > 0)
        {
            // A function that bears an operator's name would take its place in the very graph that is compared below.
            throw Refusal(name, $"it has {proto.Functions.Count} functions and {proto.TrainingInfo.Count} training graphs, a model has none; train one with `appliance train`");
        }

        var opset = proto.OpsetImport.Count == 1 && proto.OpsetImport[0].Domain.Length == 0 ? proto.OpsetImport[0].Version : -1;
        return proto.IrVersion == OnnxWriter.IrVersion && opset == OnnxWriter.Opset
            ? proto
            : throw Refusal(name, $"it has IR version {proto.IrVersion} and opset {opset}, this program runs {OnnxWriter.IrVersion} and {OnnxWriter.Opset}; train one with `appliance train`");
    }

    private static Dictionary<string, string> ReadMetadata(ModelProto proto, string name)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in proto.MetadataProps)
        {
            if (!metadata.TryAdd(entry.Key, entry.Value))
            {
                throw Refusal(name, $"its metadata has '{entry.Key}' twice; train it anew");
            }
        }

        var missing = ModelNames.Keys.FirstOrDefault(key => !metadata.ContainsKey(key));
        return missing is null ? metadata : throw Refusal(name, $"its metadata lacks '{missing}'; train one with `appliance train`");
    }

    private static void CheckSchema(Dictionary<string, string> metadata, string name)
    {
        var version = metadata[ModelNames.SchemaVersion];
        if (version != FeatureSchema.Version.ToString(CultureInfo.InvariantCulture))
        {
            throw Refusal(name, $"its schema version is '{version}', this program's windows are version {FeatureSchema.Version}; train one with this program's `appliance train`");
        }

        var features = metadata[ModelNames.Features].Split(',');
        if (features.Length != FeatureSchema.Count)
        {
            throw Refusal(name, $"it has {features.Length} features, schema {FeatureSchema.Version} has {FeatureSchema.Count}; train one with this program's `appliance train`");
        }

        for (var i = 0; i < features.Length; i++)
        {
            if (features[i] != FeatureSchema.Names[i])
            {
                throw Refusal(name, $"its feature {i} is '{features[i]}', schema {FeatureSchema.Version} has '{FeatureSchema.Names[i]}' there; train one with this program's `appliance train`");
            }
        }
    }

    private static ImmutableArray<Layer> ReadLayers(TensorReader tensors, int width, string name)
    {
        var layers = ImmutableArray.CreateBuilder<Layer>();
        var inputs = width;
        while (tensors.Has(ModelNames.Weights(layers.Count)))
        {
            var index = layers.Count;
            if (index == MostLayers)
            {
                throw Refusal(name, $"it has more than {MostLayers} layers; train a smaller one");
            }

            var outputs = tensors.SecondDimension(ModelNames.Weights(index));
            if (outputs is < 1 or > PlainScorer.WidestLayer)
            {
                throw Refusal(name, $"its layer {index + 1} has {outputs} outputs, a layer has 1 to {PlainScorer.WidestLayer}; train a smaller one");
            }

            layers.Add(new Layer(inputs, outputs, tensors.Read(ModelNames.Weights(index), inputs, outputs), tensors.Read(ModelNames.Biases(index), outputs)));
            inputs = outputs;
        }

        return layers.Count > 0 && inputs == width
            ? layers.ToImmutable()
            : throw Refusal(name, $"its {layers.Count} layers lead from {width} to {inputs} values, they must lead back to {width}; train one with `appliance train`");
    }

    private static float ReadThreshold(string text, string name) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var threshold) && float.IsFinite(threshold) && threshold > 0
            ? threshold
            : throw Refusal(name, $"its threshold is '{text}', it must be a number above 0; train it anew");

    private static DateTimeOffset ReadCreated(string text, string name) =>
        DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var created)
            ? created
            : throw Refusal(name, $"its creation time is '{text}', it must be RFC 3339; train it anew");

    private static void CheckScales(Autoencoder model, string name)
    {
        var faulty = model.Scales.FirstOrDefault(scale => scale <= 0, 1f);
        if (faulty <= 0 || model.InputLimit <= 0)
        {
            throw Refusal(name, FormattableString.Invariant($"it has a scale of {faulty} and an input limit of {model.InputLimit}, both must be above 0; train it anew"));
        }
    }

    // Written anew the model must give the same graph: then no runtime computes anything else than the plain scorer.
    private static void CheckGraph(ModelProto proto, Autoencoder model, string name)
    {
        var expected = OnnxWriter.Graph(model);
        if (proto.Graph.Equals(expected))
        {
            return;
        }

        var pairs = Operations(proto.Graph).Zip(Operations(expected));
        var (seen, wanted) = pairs.FirstOrDefault(pair => pair.First != pair.Second, (First: "a name or a shape", Second: "another"));
        throw Refusal(name, $"its graph is not the one that this program's scorer computes: it has {seen} where {wanted} is expected; train one with `appliance train`");
    }

    private static IEnumerable<string> Operations(GraphProto graph) => graph.Node.Select(node => $"'{node.OpType}'").Append("nothing");
}
