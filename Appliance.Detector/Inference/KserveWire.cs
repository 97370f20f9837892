using System.Runtime.InteropServices;
using Appliance.Detector.Models;
using Appliance.Hosting.Errors;
using Appliance.Protos.Kserve.V2;
using Google.Protobuf;

namespace Appliance.Detector.Inference;

/// <summary>Tensors of the published KServe v2 protocol: what a request may hold, and how answers are written.</summary>
internal static class KserveWire
{
    public const string ModelName = "device-windows";
    public const string Windows = "windows";
    public const string Score = "score";
    public const string Reconstruction = "reconstruction";
    public const string Datatype = "FP32";

    private static readonly string[] AllOutputs = [Score, Reconstruction];

    /// <summary>Checks the one input tensor and tells how many windows it holds; the message names what was given and what is expected.</summary>
    public static int CheckInput(ModelInferRequest request, int features)
    {
        if (request.Inputs.Count != 1)
        {
            throw Fault("inputs", $"{request.Inputs.Count} tensors are given, the model takes 1: '{Windows}'");
        }

        var input = request.Inputs[0];
        if (input.Name != Windows)
        {
            throw Fault("inputs[0].name", $"is '{input.Name}', the model's input is '{Windows}'");
        }

        if (input.Datatype != Datatype)
        {
            throw Fault("inputs[0].datatype", $"is '{input.Datatype}', '{Windows}' takes '{Datatype}'");
        }

        RefuseSharedMemory("inputs[0].parameters", input.Parameters.Keys);
        var rows = CheckShape(input.Shape, features);
        CheckContents(request, rows * features);
        return rows;
    }

    /// <summary>The outputs to answer with, in order; all where none is named.</summary>
    public static IReadOnlyList<string> CheckOutputs(ModelInferRequest request)
    {
        if (request.Outputs.Count == 0)
        {
            return AllOutputs;
        }

        var names = new List<string>();
        foreach (var output in request.Outputs)
        {
            if (!AllOutputs.Contains(output.Name) || names.Contains(output.Name))
            {
                throw Fault("outputs", $"'{output.Name}' is asked for, each of '{Score}' and '{Reconstruction}' can be asked for once");
            }

            if (output.Parameters.ContainsKey("classification"))
            {
                throw Fault("outputs", $"'{output.Name}' is asked for with classification, its values are no classes: leave the parameter out");
            }

            RefuseSharedMemory("outputs", output.Parameters.Keys);
            names.Add(output.Name);
        }

        return names;
    }

    /// <summary>Copies the values out of whichever field holds them.</summary>
    public static void ReadTyped(ModelInferRequest request, Span<float> values)
    {
        var contents = request.Inputs[0].Contents.Fp32Contents;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = contents[i];
        }
    }

    /// <summary>The raw values where they lie: little endian, as every machine that this program runs on.</summary>
    public static ReadOnlySpan<float> Raw(ModelInferRequest request) => MemoryMarshal.Cast<byte, float>(request.RawInputContents[0].Span);

    public static void RefuseNotFinite(ReadOnlySpan<float> values, Autoencoder network)
    {
        if (WindowBatch.FirstNotFinite(values) is >= 0 and var index)
        {
            var (row, column) = Math.DivRem(index, network.Features.Length);
            throw Fault("inputs[0]", FormattableString.Invariant($"window {row} has {values[index]} for '{network.Features[column]}' (column {column}), values must be finite"));
        }
    }

    /// <summary>Adds an output, raw or typed as the request was.</summary>
    public static void Add(ModelInferResponse response, string name, ReadOnlyMemory<byte> values, bool raw, params ReadOnlySpan<long> shape)
    {
        var output = new ModelInferResponse.Types.InferOutputTensor { Name = name, Datatype = Datatype };
        foreach (var size in shape)
        {
            output.Shape.Add(size);
        }

        response.Outputs.Add(output);
        if (raw)
        {
            // The memory is this response's own, so it need not be copied.
            response.RawOutputContents.Add(UnsafeByteOperations.UnsafeWrap(values));
            return;
        }

        output.Contents = new InferTensorContents();
        output.Contents.Fp32Contents.AddRange(MemoryMarshal.Cast<byte, float>(values.Span).ToArray());
    }

    private static int CheckShape(Google.Protobuf.Collections.RepeatedField<long> shape, int features)
    {
        if (shape.Count != 2 || shape[1] != features)
        {
            throw Fault("inputs[0].shape", $"is [{string.Join(", ", shape)}], '{Windows}' takes [batch, {features}]");
        }

        return shape[0] is >= 1 and <= WindowBatch.Most
            ? (int)shape[0]
            : throw Fault("inputs[0].shape", $"is a batch of {shape[0]} windows, a batch has 1 to {WindowBatch.Most}: {(shape[0] < 1 ? "send at least one" : "send several")}");
    }

    private static void CheckContents(ModelInferRequest request, int values)
    {
        var contents = request.Inputs[0].Contents;
        if (request.RawInputContents.Count == 0)
        {
            var typed = contents?.Fp32Contents.Count ?? 0;
            if (typed != values)
            {
                throw Fault("inputs[0].contents.fp32_contents", $"has {typed} values, the shape has {values}");
            }

            return;
        }

        if (contents is not null)
        {
            throw Fault("inputs[0].contents", "is set beside raw_input_contents; send one of the two");
        }

        if (request.RawInputContents.Count != 1)
        {
            throw Fault("raw_input_contents", $"has {request.RawInputContents.Count} entries, one an input makes 1");
        }

        if (request.RawInputContents[0].Length != values * sizeof(float))
        {
            throw Fault("raw_input_contents[0]", $"has {request.RawInputContents[0].Length} bytes, the shape makes {values * sizeof(float)}");
        }
    }

    private static void RefuseSharedMemory(string field, IEnumerable<string> parameters)
    {
        if (parameters.FirstOrDefault(name => name.StartsWith("shared_memory", StringComparison.Ordinal)) is { } name)
        {
            throw Fault(field, $"has '{name}', this server shares no memory: send the values in the message");
        }
    }

    private static InvalidInputException Fault(string field, string fault) => new(field, fault);
}
