using Appliance.Bmc.Tests.Images;
using Appliance.Bmc.Tests.NodeFiles;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Bmc.V1;
using Appliance.Protos.Node.V1;
using Appliance.Tests.Shared;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using State = Appliance.Protos.Bmc.V1.Flash.Types.State;

namespace Appliance.Bmc.Tests.Flashing;

[Trait("Category", "Slow")]
public sealed class FlashGrpcServiceTests : IDisposable
{
    private readonly SiteNodeFiles _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Image_is_uploaded_flashed_and_watched_to_its_end_over_the_wire()
    {
        await using var site = new TestSite();
        await StartAsync(site);
        var client = Client(site, PeerKind.Admin);
        var image = await UploadAsync(client);

        var started = await client.StartFlashAsync(
            new StartFlashRequest { SlotNumbers = { 1 }, ImageId = image.Id, RequestId = "once", ProofText = FlashSite.Booted }, cancellationToken: Token);
        var states = new List<State>();
        using var watch = Client(site, PeerKind.Reader).WatchFlash(new WatchFlashRequest(), cancellationToken: Token);
        while (await watch.ResponseStream.MoveNext(Token))
        {
            states.Add(watch.ResponseStream.Current.Flash.State);
        }

        var end = (await client.GetFlashAsync(new GetFlashRequest { FlashId = started.Flash.Id }, cancellationToken: Token)).Flash;
        Assert.Equal((State.Succeeded, image.SizeBytes, image.SizeBytes), (end.State, end.WrittenBytes, end.VerifiedBytes));
        Assert.Equal((1u, State.Succeeded, true, 1u), (end.Results[0].SlotNumber, end.Results[0].State, end.Results[0].Powered, end.Results[0].AttemptsCount));
        Assert.Contains(State.Writing, states);
        Assert.Equal(State.Succeeded, states[^1]);
        Assert.Equal(
            "IMAGE_LAST_GOOD",
            await ReasonAsync(() => client.DeleteImageAsync(new DeleteImageRequest { ImageId = image.Id }, cancellationToken: Token).ResponseAsync));
    }

    [Fact]
    public async Task Request_that_cannot_be_carried_out_says_why()
    {
        await using var site = new TestSite();
        await StartAsync(site);
        var client = Client(site, PeerKind.Admin);
        var image = await UploadAsync(client);
        Task StartedAsync(StartFlashRequest request) => client.StartFlashAsync(request, cancellationToken: Token).ResponseAsync;

        Assert.Equal("IMAGE_NOT_FOUND", await ReasonAsync(() => StartedAsync(new StartFlashRequest { SlotNumbers = { 1 }, ImageId = "none" })));
        Assert.Equal("INVALID_INPUT", await ReasonAsync(() => StartedAsync(new StartFlashRequest { ImageId = image.Id })));
        Assert.Equal("INVALID_INPUT", await ReasonAsync(() => StartedAsync(new StartFlashRequest { SlotNumbers = { 1, 1 }, ImageId = image.Id })));
        Assert.Equal("INVALID_INPUT", await ReasonAsync(() => StartedAsync(new StartFlashRequest { SlotNumbers = { 5 }, ImageId = image.Id })));
        Assert.Equal(
            "INVALID_INPUT",
            await ReasonAsync(() => StartedAsync(new StartFlashRequest { SlotNumbers = { 1 }, ImageId = image.Id, NodeFile = ByteString.CopyFromUtf8("x") })));
        Assert.Equal(
            "IMAGE_TAKES_NO_NODE_FILE",
            await ReasonAsync(() => StartedAsync(new StartFlashRequest { SlotNumbers = { 1 }, ImageId = image.Id, ProofText = "x", NodeFile = NodeFile("router") })));
        Assert.Equal(
            "INVALID_INPUT",
            await ReasonAsync(() => StartedAsync(new StartFlashRequest { SlotNumbers = { 1, 2 }, ImageId = image.Id, ProofText = "x", NodeFile = NodeFile("router") })));
        Assert.Equal(
            "INVALID_INPUT",
            await ReasonAsync(() => StartedAsync(new StartFlashRequest
            {
                SlotNumbers = { 1, 2 },
                ImageId = image.Id,
                ProofText = "x",
                SlotNodeFiles = { Own(1, "router"), Own(2, "router") },
            })));
        Assert.Equal(
            "INVALID_INPUT",
            await ReasonAsync(() => StartedAsync(new StartFlashRequest { SlotNumbers = { 1 }, ImageId = image.Id, ProofText = "x", SlotNodeFiles = { Own(2, "router") } })));
        Assert.Equal("MODULE_NOT_WRITABLE", await ReasonAsync(() => StartedAsync(new StartFlashRequest { SlotNumbers = { 3 }, ImageId = image.Id, ProofText = "x" })));
        Assert.Equal("FLASH_NOT_FOUND", await ReasonAsync(() => client.GetFlashAsync(new GetFlashRequest(), cancellationToken: Token).ResponseAsync));
    }

    [Fact]
    public async Task Role_that_stops_in_the_middle_goes_on_when_it_starts_again_and_writes_that_down()
    {
        await using var site = new TestSite();
        var first = await StartAsync(site);
        var client = Client(site, PeerKind.Admin);
        var image = await UploadAsync(client);
        var started = await client.StartFlashAsync(
            new StartFlashRequest { SlotNumbers = { 1 }, ImageId = image.Id, ProofText = "never printed" }, cancellationToken: Token);
        using var watch = client.WatchFlash(new WatchFlashRequest(), cancellationToken: Token);
        while (await watch.ResponseStream.MoveNext(Token) && watch.ResponseStream.Current.Flash.State != State.Proving)
        {
            // Until it has written the slot.
        }

        await first.StopAsync(Token);
        await StartAsync(site);
        var next = Client(site, PeerKind.Admin);
        var cancelled = await next.CancelFlashAsync(new CancelFlashRequest { FlashId = started.Flash.Id }, cancellationToken: Token);

        Assert.Equal(State.Cancelled, cancelled.Flash.State);
        Assert.StartsWith("This program ended when slot 1 was written", cancelled.Flash.Note, StringComparison.Ordinal);
        Assert.Equal($"flash_id={started.Flash.Id} image_id={image.Id} slot_number=1", await AuditedAsync(site, "ResumeFlash"));
    }

    [Fact]
    public async Task Node_file_is_laid_over_the_image_and_the_audit_names_the_node_alone()
    {
        await using var site = new TestSite();
        await StartAsync(site);
        var client = Client(site, PeerKind.Admin);
        using var disk = await DiskImage.WithPlaceholderAsync();
        var image = await ImageGrpcServiceTests.UploadAsync(client, disk.Labelled(), new Image { FileName = "disk.img", Version = DiskImage.Version });

        var started = await client.StartFlashAsync(new StartFlashRequest { SlotNumbers = { 1 }, ImageId = image.Id, NodeFile = NodeFile("router") }, cancellationToken: Token);
        using var watch = client.WatchFlash(new WatchFlashRequest(), cancellationToken: Token);
        while (await watch.ResponseStream.MoveNext(Token))
        {
            // To its end.
        }

        var end = (await client.GetFlashAsync(new GetFlashRequest(), cancellationToken: Token)).Flash;
        Assert.Equal((State.Succeeded, "router"), (end.State, end.Results[0].NodeName));
        Assert.Equal($"flash_id={started.Flash.Id} slot_number=1 node=router", await AuditedAsync(site, "UseNodeFile"));
    }

    [Fact]
    public async Task Operator_may_not_flash()
    {
        await using var site = new TestSite();
        await StartAsync(site);

        var error = await Assert.ThrowsAsync<RpcException>(
            () => Client(site, PeerKind.Operator).StartFlashAsync(new StartFlashRequest { SlotNumbers = { 1 } }, cancellationToken: Token).ResponseAsync);

        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
    }

    public void Dispose() => _files.Dispose();

    private static Task<WebApplication> StartAsync(TestSite site) => site.StartAsync(
        Role.Bmc,
        builder => builder.AddBmc(),
        app => app.MapBmc(),
        ("Bmc:Board:Simulate", "2.3.7"),
        ("Bmc:Images:ReservedBytes", "0"),
        ("Bmc:Flashing:PollInterval", "00:00:00.050"),
        ("Bmc:Slots:Slot3:Module", "jetson"));

    private static BmcService.BmcServiceClient Client(TestSite site, PeerKind kind) => new(site.Channel(Role.Bmc, site.Person(kind)));

    private ByteString NodeFile(string name) => ByteString.CopyFrom(_files.Bytes(name));

    private SlotNodeFile Own(uint slot, string name) => new() { SlotNumber = slot, NodeFile = NodeFile(name) };

    /// <summary>What the first audit entry of that action is about.</summary>
    private static async Task<string> AuditedAsync(TestSite site, string action)
    {
        var nodes = new NodeService.NodeServiceClient(site.Channel(Role.Bmc, site.Person(PeerKind.Reader)));
        using var events = nodes.WatchEvents(new WatchEventsRequest(), cancellationToken: Token);
        while (await events.ResponseStream.MoveNext(Token))
        {
            if (events.ResponseStream.Current.Event is { } told && told.Action == action)
            {
                return told.Subject;
            }
        }

        return "nothing";
    }

    private static Task<Image> UploadAsync(BmcService.BmcServiceClient client) =>
        ImageGrpcServiceTests.UploadAsync(client, Packed.Disk(2_000_000), new Image { FileName = "disk.img" });

    private static async Task<string> ReasonAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<RpcException>(call)).GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason;
}
