using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;
using Onnx;

namespace Appliance.Detector.Models;

/// <summary>Writes a model as an ONNX file that any runtime can score windows with.</summary>
/// <remarks>
/// Input <c>windows</c> float[batch, features], in the features' own units; outputs <c>score</c> float[batch] and
/// <c>reconstruction</c> float[batch, features], scaled. The same model gives the same bytes.
/// </remarks>
public static class OnnxWriter
{
    internal const string Windows = "windows";
    internal const string ScoreOutput = "score";
    internal const string Reconstruction = "reconstruction";

    // IR 8 and opset 17 came with ONNX 1.12 (2022): every runtime of these days reads them.
    internal const int IrVersion = 8;
    internal const int Opset = 17;

    public static byte[] Write(Autoencoder model) => new ModelProto
    {
        IrVersion = IrVersion,
        OpsetImport = { new OperatorSetIdProto { Domain = string.Empty, Version = Opset } },
        ProducerName = "appliance",
        Graph = Graph(model),
        MetadataProps =
        {
            Entry(ModelNames.SchemaVersion, model.SchemaVersion.ToString(CultureInfo.InvariantCulture)),
            Entry(ModelNames.Features, string.Join(',', model.Features)),
            Entry(ModelNames.Threshold, model.Threshold.ToString("R", CultureInfo.InvariantCulture)),
            Entry(ModelNames.Calibration, model.Calibration.ToString()),
            Entry(ModelNames.Provenance, model.Provenance),
            Entry(ModelNames.Created, model.Created.ToString("O", CultureInfo.InvariantCulture)),
        },
    }.ToByteArray();

    /// <summary>The computation, step by step as <see cref="PlainScorer"/> takes it.</summary>
    internal static GraphProto Graph(Autoencoder model)
    {
        var width = model.Features.Length;
        var graph = new GraphProto
        {
            Name = "autoencoder",
            Input = { Value(Windows, width) },
            Output = { Value(ScoreOutput), Value(Reconstruction, width) },
            Initializer =
            {
                Tensor(ModelNames.One, [1f]),
                Tensor(ModelNames.Offsets, model.Offsets, width),
                Tensor(ModelNames.Scales, model.Scales, width),
                Tensor(ModelNames.LowerLimit, [-model.InputLimit]),
                Tensor(ModelNames.UpperLimit, [model.InputLimit]),
            },
            Node =
            {
                Node("Relu", "counts", Windows),
                Node("Add", "one_plus", "counts", ModelNames.One),
                Node("Log", "logarithms", "one_plus"),
                Node("Sub", "centred", "logarithms", ModelNames.Offsets),
                Node("Div", "scaled", "centred", ModelNames.Scales),
                Node("Clip", "layer_0", "scaled", ModelNames.LowerLimit, ModelNames.UpperLimit),
            },
        };
        AddLayers(graph, model.Layers);
        graph.Node.Add(Node("Sub", "differences", "scaled", Reconstruction));
        graph.Node.Add(Node("Mul", "squares", "differences", "differences"));
        graph.Node.Add(Mean(ScoreOutput, "squares"));
        return graph;
    }

    private static void AddLayers(GraphProto graph, ImmutableArray<Layer> layers)
    {
        for (var i = 0; i < layers.Length; i++)
        {
            var layer = layers[i];
            var (weights, biases) = (ModelNames.Weights(i), ModelNames.Biases(i));
            graph.Initializer.Add(Tensor(weights, layer.Weights, layer.Inputs, layer.Outputs));
            graph.Initializer.Add(Tensor(biases, layer.Biases, layer.Outputs));
            var input = FormattableString.Invariant($"layer_{i}");
            if (i == layers.Length - 1)
            {
                graph.Node.Add(Node("Gemm", Reconstruction, input, weights, biases));
                return;
            }

            var sum = FormattableString.Invariant($"sum_{i + 1}");
            graph.Node.Add(Node("Gemm", sum, input, weights, biases));
            graph.Node.Add(Node("Relu", FormattableString.Invariant($"layer_{i + 1}"), sum));
        }
    }

    private static NodeProto Node(string operation, string output, params string[] inputs) =>
        new() { Name = output, OpType = operation, Input = { inputs }, Output = { output } };

    private static NodeProto Mean(string output, string input)
    {
        var node = Node("ReduceMean", output, input);
        node.Attribute.Add(new AttributeProto { Name = "axes", Type = AttributeProto.Types.AttributeType.Ints, Ints = { 1 } });
        node.Attribute.Add(new AttributeProto { Name = "keepdims", Type = AttributeProto.Types.AttributeType.Int, I = 0 });
        return node;
    }

    private static ValueInfoProto Value(string name, params int[] dimensions)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "batch" } } };
        shape.Dim.AddRange(dimensions.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } },
        };
    }

    private static TensorProto Tensor(string name, ImmutableArray<float> values, params int[] dimensions)
    {
        // The format wants little-endian bytes whatever the machine.
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return new TensorProto
        {
            Name = name,
            DataType = (int)TensorProto.Types.DataType.Float,
            Dims = { dimensions.Select(size => (long)size) },
            RawData = ByteString.CopyFrom(bytes),
        };
    }

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };
}
