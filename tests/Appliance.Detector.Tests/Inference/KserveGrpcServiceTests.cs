using System.Runtime.InteropServices;
using Appliance.Detector.Features;
using Appliance.Detector.Tests.Models;
using Appliance.Protos.Kserve.V2;
using Google.Protobuf;
using Grpc.Core;
using InferInput = Appliance.Protos.Kserve.V2.ModelInferRequest.Types.InferInputTensor;
using WantedOutput = Appliance.Protos.Kserve.V2.ModelInferRequest.Types.InferRequestedOutputTensor;

namespace Appliance.Detector.Tests.Inference;

public sealed class KserveGrpcServiceTests
{
    private const string Name = "device-windows";

    private static readonly int Width = FeatureSchema.Count;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metadata_tells_names_types_and_shapes()
    {
        var (site, _, model) = await ModelSite.StartWithModelAsync();
        await using var _1 = site;

        var server = await site.Tensors.ServerMetadataAsync(new ServerMetadataRequest(), cancellationToken: Token);
        var metadata = await site.Tensors.ModelMetadataAsync(new ModelMetadataRequest { Name = Name }, cancellationToken: Token);

        Assert.Equal(("appliance", "0.1.0"), (server.Name, server.Version));
        Assert.Equal((Name, "onnxruntime_onnx", model.Version), (metadata.Name, metadata.Platform, metadata.Versions.Single()));
        Assert.Equal(("windows", "FP32"), (metadata.Inputs.Single().Name, metadata.Inputs[0].Datatype));
        Assert.Equal([-1, Width], metadata.Inputs[0].Shape);
        Assert.Equal(["score", "reconstruction"], metadata.Outputs.Select(output => output.Name));
        Assert.Equal([-1], metadata.Outputs[0].Shape);
        Assert.Equal([-1, Width], metadata.Outputs[1].Shape);
    }

    [Fact]
    public async Task Server_and_model_are_ready_once_a_model_is_active()
    {
        var (site, _, model) = await ModelSite.StartWithModelAsync();
        await using var _1 = site;

        var live = await site.Tensors.ServerLiveAsync(new ServerLiveRequest(), cancellationToken: Token);
        var server = await site.Tensors.ServerReadyAsync(new ServerReadyRequest(), cancellationToken: Token);

        Assert.Equal((true, true), (live.Live, server.Ready));
        Assert.True(await IsReadyAsync(site, Name, ""));
        Assert.True(await IsReadyAsync(site, Name, model.Version));
        Assert.False(await IsReadyAsync(site, Name, "999"));
        Assert.False(await IsReadyAsync(site, "another", ""));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(1024)]
    public async Task Raw_and_typed_requests_agree_with_the_plain_scorer(int rows)
    {
        var (site, network, model) = await ModelSite.StartWithModelAsync();
        await using var _1 = site;
        var windows = SmallModel.Windows(rows);
        var (scores, rebuilt) = Agreement.Expected(network, windows);

        var raw = await InferAsync(site, RawRequest(windows, rows));
        var typed = await InferAsync(site, TypedRequest(windows, rows));

        Assert.Equal((Name, model.Version, "my id"), (raw.ModelName, raw.ModelVersion, raw.Id));
        Assert.Equal([rows], raw.Outputs[0].Shape);
        Assert.Equal([rows, Width], raw.Outputs[1].Shape);
        Assert.All(raw.Outputs, output => Assert.Null(output.Contents));
        Agreement.Check(scores, Floats(raw.RawOutputContents[0]));
        Agreement.Check(rebuilt, Floats(raw.RawOutputContents[1]));
        Assert.Empty(typed.RawOutputContents);
        Agreement.Check(scores, [.. typed.Outputs[0].Contents.Fp32Contents]);
        Agreement.Check(rebuilt, [.. typed.Outputs[1].Contents.Fp32Contents]);
    }

    [Fact]
    public async Task Outputs_come_in_the_order_in_which_they_were_asked_for()
    {
        var (site, network, _) = await ModelSite.StartWithModelAsync();
        await using var _1 = site;
        var windows = SmallModel.Windows(3);
        var (scores, rebuilt) = Agreement.Expected(network, windows);
        var both = RawRequest(windows, 3);
        both.Outputs.Add([new WantedOutput { Name = "reconstruction" }, new WantedOutput { Name = "score" }]);
        var one = RawRequest(windows, 3);
        one.Outputs.Add(new WantedOutput { Name = "score" });

        var turned = await InferAsync(site, both);
        var single = await InferAsync(site, one);

        Assert.Equal(["reconstruction", "score"], turned.Outputs.Select(output => output.Name));
        Agreement.Check(rebuilt, Floats(turned.RawOutputContents[0]));
        Agreement.Check(scores, Floats(turned.RawOutputContents[1]));
        Assert.Equal("score", single.Outputs.Single().Name);
        Agreement.Check(scores, Floats(single.RawOutputContents.Single()));
    }

    [Fact]
    public async Task What_a_client_says_of_its_own_is_borne()
    {
        var (site, _, model) = await ModelSite.StartWithModelAsync();
        await using var _1 = site;
        var request = RawRequest(SmallModel.Windows(1), 1);
        request.ModelVersion = model.Version;
        request.Parameters.Add("sequence_id", new InferParameter { Int64Param = 7 });
        request.Parameters.Add("priority", new InferParameter { Int64Param = 1 });
        request.Parameters.Add("timeout", new InferParameter { Int64Param = 1_000_000 });

        var response = await InferAsync(site, request);

        Assert.Equal(model.Version, response.ModelVersion);
    }

    public static TheoryData<string, Action<ModelInferRequest>, string[]> Faults => new()
    {
        { "no input", request => request.Inputs.Clear(), ["0 tensors", "'windows'"] },
        { "two inputs", request => request.Inputs.Add(request.Inputs[0].Clone()), ["2 tensors", "'windows'"] },
        { "name", request => request.Inputs[0].Name = "data", ["'data'", "'windows'"] },
        { "type", request => request.Inputs[0].Datatype = "FP64", ["'FP64'", "'FP32'"] },
        { "no shape", request => request.Inputs[0].Shape.Clear(), ["[]", $"[batch, {Width}]"] },
        { "rank", request => request.Inputs[0].Shape.Add(1), [$"[2, {Width}, 1]", $"[batch, {Width}]"] },
        { "width", request => request.Inputs[0].Shape[1] = Width - 1, [$"[2, {Width - 1}]", $"[batch, {Width}]"] },
        { "empty batch", request => request.Inputs[0].Shape[0] = 0, ["batch of 0", "1 to 1024"] },
        { "negative batch", request => request.Inputs[0].Shape[0] = -1, ["batch of -1", "1 to 1024"] },
        { "oversized batch", request => request.Inputs[0].Shape[0] = 1025, ["batch of 1025", "1 to 1024"] },
        { "huge batch", request => request.Inputs[0].Shape[0] = long.MaxValue, [$"batch of {long.MaxValue}", "1 to 1024"] },
        { "raw length", request => request.Inputs[0].Shape[0] = 3, [$"{2 * Width * 4} bytes", $"{3 * Width * 4}"] },
        { "odd bytes", request => request.RawInputContents[0] = ByteString.CopyFrom(new byte[(2 * Width * 4) + 1]), [$"{(2 * Width * 4) + 1} bytes", $"{2 * Width * 4}"] },
        { "raw count", request => request.RawInputContents.Add(ByteString.Empty), ["has 2 entries", "makes 1"] },
        { "no values", request => request.RawInputContents.Clear(), ["has 0 values", $"{2 * Width}"] },
        { "both", request => request.Inputs[0].Contents = new InferTensorContents(), ["contents", "raw_input_contents"] },
        { "shared input", request => request.Inputs[0].Parameters.Add("shared_memory_region", new InferParameter { StringParam = "r" }), ["shared_memory_region"] },
        { "shared output", request => request.Outputs.Add(Wanted("score", "shared_memory_region")), ["shared_memory_region"] },
        { "classification", request => request.Outputs.Add(Wanted("score", "classification")), ["classification", "'score'"] },
        { "unknown output", request => request.Outputs.Add(new WantedOutput { Name = "classes" }), ["'classes'", "'score'", "'reconstruction'"] },
        { "output twice", request => request.Outputs.Add([new WantedOutput { Name = "score" }, new WantedOutput { Name = "score" }]), ["'score'", "once"] },
        { "NaN", request => request.RawInputContents[0] = Bytes(With(float.NaN)), ["window 1", "NaN", $"'{FeatureSchema.Names[3]}'"] },
        { "infinity", request => request.RawInputContents[0] = Bytes(With(float.NegativeInfinity)), ["window 1", "-Infinity", $"'{FeatureSchema.Names[3]}'"] },
    };

    [Fact]
    public async Task Wrong_requests_are_refused_by_name_with_what_was_given_and_what_is_expected()
    {
        var (site, _, _) = await ModelSite.StartWithModelAsync();
        await using var _1 = site;

        foreach (var (name, spoil, words) in Faults.Select(row => row.Data))
        {
            var request = RawRequest(SmallModel.Windows(2), 2);
            spoil(request);
            var status = await ModelSite.RefusalAsync(() => InferAsync(site, request));

            Assert.True(status.StatusCode == StatusCode.InvalidArgument, $"{name}: {status}");
            Assert.All(words, word => Assert.Contains(word, status.Detail, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task NaN_among_typed_values_is_refused_by_name()
    {
        var (site, _, _) = await ModelSite.StartWithModelAsync();
        await using var _1 = site;

        var status = await ModelSite.RefusalAsync(() => InferAsync(site, TypedRequest(With(float.NaN), 2)));

        Assert.Equal(StatusCode.InvalidArgument, status.StatusCode);
        Assert.Contains($"window 1 has NaN for '{FeatureSchema.Names[3]}'", status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_or_version_that_is_not_served_is_told()
    {
        var (site, _, first) = await ModelSite.StartWithModelAsync();
        await using var _1 = site;
        var second = await site.UploadAsync(Detector.Models.OnnxWriter.Write(SmallModel.Create(seed: 2)));

        var model = await ModelSite.RefusalAsync(() => InferAsync(site, new ModelInferRequest { ModelName = "resnet" }));
        var unknown = await ModelSite.RefusalAsync(() => InferAsync(site, new ModelInferRequest { ModelName = Name, ModelVersion = "77" }));
        var inactive = await ModelSite.RefusalAsync(() => InferAsync(site, new ModelInferRequest { ModelName = Name, ModelVersion = second.Version }));
        var metadata = await ModelSite.RefusalAsync(() => site.Tensors.ModelMetadataAsync(new ModelMetadataRequest { Name = "resnet" }, cancellationToken: Token).ResponseAsync);

        Assert.Equal((StatusCode.NotFound, StatusCode.NotFound), (model.StatusCode, metadata.StatusCode));
        Assert.Contains("'resnet'", model.Detail, StringComparison.Ordinal);
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(StatusCode.FailedPrecondition, inactive.StatusCode);
        Assert.Contains($"Version {second.Version} of {Name} is not the active one, {first.Version} is", inactive.Detail, StringComparison.Ordinal);
    }

    private static Task<ModelInferResponse> InferAsync(ModelSite site, ModelInferRequest request) => site.Tensors.ModelInferAsync(request, cancellationToken: Token).ResponseAsync;

    private static async Task<bool> IsReadyAsync(ModelSite site, string name, string version) =>
        (await site.Tensors.ModelReadyAsync(new ModelReadyRequest { Name = name, Version = version }, cancellationToken: Token)).Ready;

    private static ModelInferRequest RawRequest(float[] windows, int rows) => new()
    {
        ModelName = Name,
        Id = "my id",
        Inputs = { new InferInput { Name = "windows", Datatype = "FP32", Shape = { rows, Width } } },
        RawInputContents = { Bytes(windows) },
    };

    private static ModelInferRequest TypedRequest(float[] windows, int rows)
    {
        var request = RawRequest(windows, rows);
        request.RawInputContents.Clear();
        request.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { windows } };
        return request;
    }

    private static WantedOutput Wanted(string name, string parameter) => new() { Name = name, Parameters = { [parameter] = new InferParameter { StringParam = "r" } } };

    private static float[] With(float value)
    {
        var windows = SmallModel.Windows(2);
        windows[Width + 3] = value;
        return windows;
    }

    private static ByteString Bytes(float[] values) => ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan()));

    private static float[] Floats(ByteString bytes) => MemoryMarshal.Cast<byte, float>(bytes.Span).ToArray();
}
