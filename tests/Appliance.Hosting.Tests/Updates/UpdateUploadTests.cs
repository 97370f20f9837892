using System.Security.Cryptography;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Updates;
using Appliance.Protos.Node.V1;
using Appliance.Tests.Shared;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Appliance.Hosting.Tests.Updates;

public sealed class UpdateUploadTests : IAsyncDisposable
{
    private static readonly byte[] Bundle = [.. Enumerable.Range(0, 200_000).Select(at => (byte)(at * 7))];

    private readonly TestSite _site = new();
    private readonly RecordingTarget _target = new();

    [Fact]
    public async Task Bundle_arrives_whole_and_nothing_of_it_stays_behind()
    {
        await StartAsync();

        var answer = await Client(PeerKind.Admin).SendAsync(Bundle);

        Assert.Equal(Bundle, Assert.Single(_target.Bundles));
        Assert.Equal(SHA256.HashData(Bundle), answer.Update.Sha256.ToByteArray());
        Assert.Empty(Left());
    }

    [Fact]
    public async Task Stream_that_ends_without_its_digest_is_refused_and_keeps_nothing()
    {
        await StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => Client(PeerKind.Admin).SendAsync(Bundle, new Update(), digest: null));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Empty(_target.Bundles);
        Assert.Empty(Left());
    }

    [Fact]
    public async Task Wrong_digest_is_refused_and_keeps_nothing()
    {
        await StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => Client(PeerKind.Admin).SendAsync(Bundle, new Update(), new byte[32]));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Empty(_target.Bundles);
        Assert.Empty(Left());
    }

    [Fact]
    public async Task Upload_that_is_broken_off_keeps_nothing_and_the_next_one_starts_anew()
    {
        await StartAsync();
        using (var call = Client(PeerKind.Admin).InstallUpdate(cancellationToken: TestContext.Current.CancellationToken))
        {
            await call.RequestStream.WriteAsync(new InstallUpdateRequest { Header = new Update() }, TestContext.Current.CancellationToken);
            await call.RequestStream.WriteAsync(new InstallUpdateRequest { Chunk = ByteString.CopyFrom(Bundle[..1000]) }, TestContext.Current.CancellationToken);
            await _target.Checked.WaitAsync();
        }

        // The server notices in its own time; until then the turn is taken.
        while (await TrySendAsync() is { } error)
        {
            Assert.Equal("UPDATE_IN_PROGRESS", error.Reason());
        }

        Assert.Equal(Bundle, Assert.Single(_target.Bundles));
        Assert.Empty(Left());
    }

    [Fact]
    public async Task Bundle_over_the_limit_is_refused_before_it_has_come()
    {
        await StartAsync(("Node:Updates:MaxBundleBytes", $"{1 << 20}"));

        var error = await Assert.ThrowsAsync<RpcException>(() => Client(PeerKind.Admin).SendAsync(new byte[(1 << 20) + 1]));

        Assert.Equal((StatusCode.ResourceExhausted, "BUNDLE_TOO_LARGE"), (error.StatusCode, error.Reason()));
        Assert.Empty(Left());
    }

    [Fact]
    public async Task Disk_that_would_not_keep_enough_free_takes_no_bundle()
    {
        await StartAsync(("Node:Updates:ReservedBytes", $"{1L << 50}"));

        var error = await Assert.ThrowsAsync<RpcException>(() => Client(PeerKind.Admin).SendAsync(Bundle));

        Assert.Equal((StatusCode.ResourceExhausted, "NO_SPACE"), (error.StatusCode, error.Reason()));
    }

    [Fact]
    public async Task Chunk_over_its_size_is_refused()
    {
        await StartAsync();
        using var call = Client(PeerKind.Admin).InstallUpdate(cancellationToken: TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new InstallUpdateRequest { Header = new Update() }, TestContext.Current.CancellationToken);

        await call.RequestStream.WriteAsync(new InstallUpdateRequest { Chunk = ByteString.CopyFrom(new byte[65_537]) }, TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Theory]
    [InlineData("not a version", "", 0)]
    [InlineData("", "C", 0)]
    [InlineData("", "", 5)]
    public async Task Header_that_says_nonsense_is_refused(string version, string slot, int digestBytes)
    {
        await StartAsync();
        var header = new Update { Version = version, Slot = slot, Sha256 = ByteString.CopyFrom(new byte[digestBytes]) };

        var error = await Assert.ThrowsAsync<RpcException>(() => Client(PeerKind.Admin).SendAsync(Bundle, header, SHA256.HashData(Bundle)));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Empty(_target.Bundles);
    }

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    public async Task Activation_without_a_version_is_refused(string version)
    {
        await StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client(PeerKind.Admin).ActivateUpdateAsync(new ActivateUpdateRequest { Version = version }));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task Operator_may_not_update()
    {
        await StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => Client(PeerKind.Operator).SendAsync(Bundle));

        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
    }

    [Fact]
    public async Task Program_that_was_not_flashed_says_that_it_cannot_be_updated()
    {
        await _site.StartAsync(Role.Router, builder => builder.Services.AddSingleton(new UpdatePaths { Image = "/none/image.json" }), _ => { });

        var install = await Assert.ThrowsAsync<RpcException>(() => Client(PeerKind.Admin).SendAsync(Bundle));
        var activate = await Assert.ThrowsAsync<RpcException>(async () => await Client(PeerKind.Admin).ActivateUpdateAsync(new ActivateUpdateRequest { Version = "1.0.0" }));

        Assert.Equal((StatusCode.FailedPrecondition, "NOT_UPDATABLE"), (install.StatusCode, install.Reason()));
        Assert.Equal((StatusCode.FailedPrecondition, "NOT_UPDATABLE"), (activate.StatusCode, activate.Reason()));
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private Task<Microsoft.AspNetCore.Builder.WebApplication> StartAsync(params (string Key, string? Value)[] settings) =>
        _site.StartAsync(Role.Router, builder => builder.Services.Replace(ServiceDescriptor.Singleton<IUpdateTarget>(_target)), _ => { }, settings);

    private NodeService.NodeServiceClient Client(PeerKind kind) => new(_site.Channel(Role.Router, _site.Person(kind)));

    private async Task<RpcException?> TrySendAsync()
    {
        try
        {
            await Client(PeerKind.Admin).SendAsync(Bundle);
            return null;
        }
        catch (RpcException error)
        {
            return error;
        }
    }

    private string[] Left() => Directory.GetFiles(Path.Combine(_site.State, "router", "updates"));
}
