using Appliance.Detector.Features;
using Appliance.Detector.Inference;
using Appliance.Detector.Models;
using Appliance.Detector.Tests.Models;
using Appliance.Hosting;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;
using Appliance.Protos.Inference.V1;
using Appliance.Tests.Shared;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Onnx;

namespace Appliance.Detector.Tests.Inference;

[Trait("Category", "Slow")]
public sealed class ModelUploadTests
{
    private static readonly byte[] File1 = OnnxWriter.Write(SmallModel.Create(seed: 1));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_uploaded_model_is_listed_shown_and_activated()
    {
        await using var site = await ModelSite.StartAsync();
        var network = SmallModel.Create(seed: 1);

        var uploaded = await site.UploadAsync(File1);
        var activated = await site.Models.ActivateModelAsync(new ActivateModelRequest { ModelId = uploaded.Id }, cancellationToken: Token);
        var shown = await site.Models.GetModelAsync(new GetModelRequest(), cancellationToken: Token);
        var listed = await site.Models.ListModelsAsync(new ListModelsRequest(), cancellationToken: Token);

        Assert.Equal((Model.Types.State.Ready, "", "1"), (uploaded.State, uploaded.ExecutionProvider, uploaded.Version));
        Assert.Equal((Model.Types.State.Active, OnnxScorer.Cpu), (activated.Model.State, activated.Model.ExecutionProvider));
        Assert.Equal(activated.Model, shown.Model);
        Assert.Equal(activated.Model, listed.Models[0]);
        Assert.Equal(FeatureSchema.Names, shown.Features);
        Assert.Equal(uploaded.Id, Convert.ToHexStringLower(uploaded.Sha256.Span));
        Assert.Equal(((ulong)File1.Length, 1u, network.Threshold, network.Provenance), (uploaded.SizeBytes, uploaded.SchemaVersion, uploaded.Threshold, uploaded.Provenance));
        Assert.Equal((network.Created, (uint)network.WeightsCount), (uploaded.CreateTime.ToDateTimeOffset(), uploaded.WeightsCount));
    }

    [Fact]
    public async Task Activation_outlives_a_restart_and_can_be_taken_back()
    {
        await using var site = await ModelSite.StartAsync();
        var one = await site.UploadAsync(File1);
        var two = await site.UploadAsync(OnnxWriter.Write(SmallModel.Create(seed: 2)));
        await ActivateAsync(site, one.Id);
        var forward = await ActivateAsync(site, two.Id);

        await site.RestartAsync();
        var back = await ActivateAsync(site, forward.PreviousModelId);

        Assert.Equal((one.Id, one.Id, two.Id), (forward.PreviousModelId, back.Model.Id, back.PreviousModelId));
    }

    [Fact]
    public async Task Pages_hold_still_while_models_come()
    {
        await using var site = await ModelSite.StartAsync();
        for (var seed = 1; seed <= 3; seed++)
        {
            await site.UploadAsync(OnnxWriter.Write(SmallModel.Create(seed)));
        }

        var first = await site.Models.ListModelsAsync(new ListModelsRequest { PageSize = 2 }, cancellationToken: Token);
        await site.UploadAsync(OnnxWriter.Write(SmallModel.Create(seed: 4)));
        var second = await site.Models.ListModelsAsync(new ListModelsRequest { PageSize = 2, PageToken = first.NextPageToken }, cancellationToken: Token);

        Assert.Equal(["3", "2"], first.Models.Select(model => model.Version));
        Assert.Equal("1", second.Models[0].Version);
        Assert.Equal("", second.NextPageToken);
    }

    [Theory]
    [InlineData(-1, "", "page_size: is -1")]
    [InlineData(1001, "", "page_size: is 1001")]
    [InlineData(0, "next", "page_token")]
    public async Task A_page_that_cannot_be_is_refused(int size, string token, string words)
    {
        await using var site = await ModelSite.StartAsync();

        var status = await ModelSite.RefusalAsync(() => site.Models.ListModelsAsync(new ListModelsRequest { PageSize = size, PageToken = token }, cancellationToken: Token).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, status.StatusCode);
        Assert.Contains(words, status.Detail, StringComparison.Ordinal);
    }

    public static TheoryData<string, IReadOnlyList<UploadModelRequest>, StatusCode, string[]> Faults => new()
    {
        { "nothing", [], StatusCode.InvalidArgument, ["the stream ended", "the header"] },
        { "no header", [ModelSite.Chunk(File1)], StatusCode.InvalidArgument, ["'Chunk' came", "the header"] },
        { "no digest", [ModelSite.Header(File1), ModelSite.Chunk(File1)], StatusCode.InvalidArgument, ["the stream ended", "the digest"] },
        { "two headers", [ModelSite.Header(File1), ModelSite.Header(File1)], StatusCode.InvalidArgument, ["'Header' came", "a chunk or the digest"] },
        { "no chunks", [ModelSite.Header([]), ModelSite.Digest([])], StatusCode.InvalidArgument, ["the uploaded model"] },
        { "wrong digest", [ModelSite.Header(File1), ModelSite.Chunk(File1), ModelSite.Digest([1])], StatusCode.InvalidArgument, ["sha256", $"{File1.Length} bytes"] },
        { "short digest", [ModelSite.Header(File1), ModelSite.Chunk(File1), new() { Sha256 = ByteString.CopyFrom(1, 2) }], StatusCode.InvalidArgument, ["sha256: is 0102"] },
        { "wrong size", [new() { Header = new Model { SizeBytes = 7 } }, ModelSite.Chunk(File1), ModelSite.Digest(File1)], StatusCode.InvalidArgument, ["size_bytes: is 7", $"{File1.Length} bytes"] },
        { "another id", [new() { Header = new Model { Id = "abc" } }, ModelSite.Chunk(File1), ModelSite.Digest(File1)], StatusCode.InvalidArgument, ["header.id: is 'abc'"] },
        { "large chunk", [ModelSite.Header(File1), ModelSite.Chunk(new byte[65_537]), ModelSite.Digest(File1)], StatusCode.InvalidArgument, ["65537 bytes", "65536"] },
        { "schema said", [new() { Header = new Model { SchemaVersion = 2 } }], StatusCode.InvalidArgument, ["schema_version: is 2", "version 1"] },
        { "1 GB said", [new() { Header = new Model { SizeBytes = 1_000_000_000 } }], StatusCode.ResourceExhausted, ["1000000000", "4194304"] },
        { "5 MB sent", [new() { Header = new Model() }, .. Enumerable.Repeat(ModelSite.Chunk(new byte[65_536]), 80)], StatusCode.ResourceExhausted, ["4259840", "4194304"] },
        { "damaged", Parts([.. File1.Select((octet, i) => (byte)(i == 200 ? octet ^ 0xFF : octet))]), StatusCode.InvalidArgument, ["the uploaded model"] },
        { "cut", Parts(File1[..^1000]), StatusCode.InvalidArgument, ["the uploaded model"] },
        { "wrong schema", Parts(OfSchema("2")), StatusCode.InvalidArgument, ["schema version is '2'", "version 1"] },
        { "no ONNX", Parts("GIF89a"u8.ToArray()), StatusCode.InvalidArgument, ["the uploaded model", "no ONNX file"] },
    };

    [Fact]
    public async Task What_is_wrong_is_refused_by_name_and_nothing_is_kept()
    {
        await using var site = await ModelSite.StartAsync();

        foreach (var (name, parts, code, words) in Faults.Select(row => row.Data))
        {
            // Over a connection of its own: a server may close one on which parts come after the refusal, and the client's HTTP then sends
            // the next call again without the parts that it had sent.
            var status = await ModelSite.RefusalAsync(() => ModelSite.UploadAsync(site.Connect(PeerKind.Admin), parts));

            Assert.True(status.StatusCode == code, $"{name}: {status}");
            Assert.All(words, word => Assert.True(status.Detail.Contains(word, StringComparison.Ordinal), $"{name}: {status}"));
        }

        Assert.Empty(Directory.EnumerateFiles(site.Folder));
        Assert.Equal("1", (await site.UploadAsync(File1)).Version);
    }

    [Fact]
    public void One_upload_runs_at_a_time()
    {
        using var folder = new TempFolder();
        var uploads = new ModelUploads(new ModelLibrary(folder.Path, null, NullLogger<ModelLibrary>.Instance));
        var first = uploads.Begin(0);

        var error = Assert.Throws<BusyException>(() => uploads.Begin(0));
        first.Dispose();
        using var second = uploads.Begin(0);

        Assert.Equal("UPLOAD_IN_PROGRESS", error.Reason);
        Assert.NotSame(first, second);
    }

    [Fact]
    public async Task An_upload_that_stalls_is_ended_and_leaves_its_place()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var site = await ModelSite.StartAsync(clock);
        using var stalled = site.Models.UploadModel(cancellationToken: Token);
        await stalled.RequestStream.WriteAsync(ModelSite.Header(File1), Token);

        // The server's wait may not have begun; without a pause the clock would outrun the certificates' 90 days meanwhile.
        while (!stalled.ResponseAsync.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(31));
            await Task.WhenAny(stalled.ResponseAsync, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token));
        }

        var ended = await ModelSite.RefusalAsync(() => stalled.ResponseAsync);
        Assert.Equal(StatusCode.ResourceExhausted, ended.StatusCode);
        Assert.Contains("30 s", ended.Detail, StringComparison.Ordinal);
        Assert.NotEmpty((await site.UploadAsync(File1)).Id);
    }

    [Theory]
    [InlineData(PeerKind.Operator)]
    [InlineData(PeerKind.Reader)]
    public async Task Only_an_admin_uploads_and_activates(PeerKind kind)
    {
        await using var site = await ModelSite.StartAsync();
        var client = new InferenceService.InferenceServiceClient(site.Site.Channel(Role.Detector, site.Site.Person(kind)));
        var model = await site.UploadAsync(File1);

        var activate = await ModelSite.RefusalAsync(() => client.ActivateModelAsync(new ActivateModelRequest { ModelId = model.Id }, cancellationToken: Token).ResponseAsync);
        var upload = await ModelSite.RefusalAsync(() => client.UploadModel(cancellationToken: Token).ResponseAsync);

        Assert.Equal((StatusCode.PermissionDenied, StatusCode.PermissionDenied), (activate.StatusCode, upload.StatusCode));
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_not_found()
    {
        await using var site = await ModelSite.StartAsync();

        var activate = await ModelSite.RefusalAsync(() => ActivateAsync(site, "abc"));
        var get = await ModelSite.RefusalAsync(() => site.Models.GetModelAsync(new GetModelRequest { ModelId = "../index" }, cancellationToken: Token).ResponseAsync);

        Assert.Equal((StatusCode.NotFound, StatusCode.NotFound), (activate.StatusCode, get.StatusCode));
    }

    private static IReadOnlyList<UploadModelRequest> Parts(byte[] file) => [ModelSite.Header(file), .. file.Chunk(60_000).Select(ModelSite.Chunk), ModelSite.Digest(file)];

    private static byte[] OfSchema(string version)
    {
        var proto = ModelProto.Parser.ParseFrom(File1);
        proto.MetadataProps.Single(entry => entry.Key == "schema_version").Value = version;
        return proto.ToByteArray();
    }

    private static async Task<ActivateModelResponse> ActivateAsync(ModelSite site, string id) =>
        await site.Models.ActivateModelAsync(new ActivateModelRequest { ModelId = id }, cancellationToken: Token);
}
