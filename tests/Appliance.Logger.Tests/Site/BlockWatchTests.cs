using Appliance.Logger.Alerts;
using Appliance.Logger.Site;
using Appliance.Logger.Tests.Alerts;
using Appliance.Logger.Tests.Fanout;
using Appliance.Protos.Rules.V1;
using Appliance.Tests.Shared;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Action = Appliance.Protos.Rules.V1.Block.Types.Action;
using Enforcement = Appliance.Protos.Rules.V1.Block.Types.Enforcement;

namespace Appliance.Logger.Tests.Site;

public sealed class BlockWatchTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly RouterStandIn _router = new();
    private readonly LoggerHost _logger;

    public BlockWatchTests() => _logger = new LoggerHost(_site, ("Logger:Mqtt:Port", "0"), ("Logger:Mqtt:ListenAddress", "127.0.0.1"));

    private BlocksInForce Blocks => _logger.Services.GetRequiredService<BlocksInForce>();

    [Theory]
    [InlineData(Action.Drop, Enforcement.Active, AlertAction.Blocked)]
    [InlineData(Action.RateLimit, Enforcement.Active, AlertAction.RateLimited)]
    [InlineData(Action.Drop, Enforcement.Rendered, AlertAction.WouldBlock)]
    [InlineData(Action.RateLimit, Enforcement.Rendered, AlertAction.WouldBlock)]
    public async Task An_alert_is_given_what_the_Router_did(Action action, Enforcement enforcement, AlertAction expected)
    {
        await _router.StartAsync(_site);
        await _logger.StartAsync();
        _logger.Store.Store([Samples.Alert(1)], 1);

        _router.Send(Block("b1", 1, action, enforcement));

        var alert = await _logger.Store.UntilAsync(Samples.Id(1), one => one.Action != AlertAction.None);
        Assert.Equal(expected, alert.Action);
    }

    [Fact]
    public async Task Blocks_of_the_snapshot_are_in_force_and_joined_to_their_alerts()
    {
        _router.Snapshot = [Block("b1", 1, Action.Drop, Enforcement.Active), Block("b2", 2, Action.RateLimit, Enforcement.Active)];
        await _router.StartAsync(_site);
        await _logger.StartAsync();
        _logger.Store.Store(Samples.Alerts(2), 2);

        await _logger.Store.UntilAsync(Samples.Id(2), one => one.Action == AlertAction.RateLimited);

        Assert.True(Blocks.IsCurrent);
        Assert.Equal([("b2", "192.0.2.2", true), ("b1", "192.0.2.1", false)], Blocks.Snapshot.Select(block => (block.Id, block.Target, block.IsRateLimit)));
    }

    [Fact]
    public async Task A_lifted_block_is_no_longer_in_force_but_its_alert_was_blocked()
    {
        _router.Snapshot = [Block("b1", 1, Action.Drop, Enforcement.Active)];
        await _router.StartAsync(_site);
        await _logger.StartAsync();
        _logger.Store.Store(Samples.Alerts(2), 2);

        _router.SendDeleted("b1");
        _router.Send(Block("b2", 2, Action.Drop, Enforcement.Active));

        await _logger.Store.UntilAsync(Samples.Id(2), one => one.Action == AlertAction.Blocked);
        Assert.Equal("b2", Assert.Single(Blocks.Snapshot).Id);
        Assert.Equal(AlertAction.Blocked, _logger.Store.Find(Samples.Id(1))!.Action);
    }

    [Fact]
    public void A_mac_target_is_written_as_people_write_it()
    {
        var block = Block("b1", 1, Action.Drop, Enforcement.Active);
        block.Mac = ByteString.CopyFrom(2, 0, 0, 0, 0, 0xAB);

        Assert.Equal("02:00:00:00:00:ab", BlockWire.Read(block).Target);
    }

    public async ValueTask DisposeAsync()
    {
        await _logger.DisposeAsync();
        await _site.DisposeAsync();
    }

    private static Block Block(string id, byte number, Action action, Enforcement enforcement) => new()
    {
        Id = id,
        Address = ByteString.CopyFrom(192, 0, 2, number),
        Action = action,
        Enforcement = enforcement,
        Reason = "scan",
        AlertId = Samples.Id(number),
        Creator = "response",
        CreateTime = Timestamp.FromDateTimeOffset(Samples.Start.AddSeconds(number)),
        ExpireTime = Timestamp.FromDateTimeOffset(Samples.Start.AddHours(1)),
    };
}
