using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Logger.Alerts;
using Appliance.Logger.Tests.Fanout;
using Appliance.Protos.Alerts.V1;
using Appliance.Protos.History.V1;
using Appliance.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Action = Appliance.Protos.History.V1.StoredAlert.Types.Action;

namespace Appliance.Logger.Tests.Alerts;

public sealed class HistoryGrpcServiceTests : IAsyncLifetime
{
    private readonly TestSite _site = new();
    private readonly LoggerHost _logger;

    public HistoryGrpcServiceTests() => _logger = new LoggerHost(_site, ("Logger:Mqtt:Port", "0"), ("Logger:Mqtt:ListenAddress", "127.0.0.1"));

    private HistoryService.HistoryServiceClient Client => new(_site.Channel(Role.Logger, _site.Person(PeerKind.Reader)));

    public async ValueTask InitializeAsync() => await _logger.StartAsync();

    [Fact]
    public async Task Pages_end_with_the_oldest_alert_and_hold_over_a_restart()
    {
        _logger.Store.Store(Samples.Alerts(25), 25);
        var first = await Client.ListAlertsAsync(new ListAlertsRequest { PageSize = 10 });
        await _logger.StopAsync();
        await _logger.StartAsync();

        var second = await Client.ListAlertsAsync(new ListAlertsRequest { PageSize = 10, PageToken = first.NextPageToken });
        var third = await Client.ListAlertsAsync(new ListAlertsRequest { PageSize = 10, PageToken = second.NextPageToken });

        Assert.Equal(
            Samples.Alerts(25).Reverse().Select(alert => alert.Id),
            first.Alerts.Concat(second.Alerts).Concat(third.Alerts).Select(alert => alert.Alert.Id));
        Assert.Equal("", third.NextPageToken);
    }

    [Fact]
    public async Task An_alert_is_answered_with_what_became_of_it()
    {
        _logger.Store.Store([Samples.Alert(1)], 1);
        _logger.Store.SetActions([new AlertResponse(Samples.Id(1), AlertAction.RateLimited)]);

        var response = await Client.GetAlertAsync(new GetAlertRequest { AlertId = Samples.Id(1) });

        Assert.Equal(AlertWire.Write(Samples.Alert(1)), response.Alert.Alert);
        Assert.Equal(Action.RateLimited, response.Alert.Action);
        Assert.NotNull(response.Alert.StoreTime);
    }

    [Fact]
    public async Task Filters_select()
    {
        _logger.Store.Store([Samples.Alert(1), Samples.Alert(2) with { Category = "flood" }, Samples.Alert(3) with { Severity = "low" }], 3);

        var response = await Client.ListAlertsAsync(new ListAlertsRequest
        {
            Category = Category.Scan,
            MinSeverity = Severity.Medium,
            Source = "192.0.2.7",
            StartTime = Timestamp.FromDateTimeOffset(Samples.Start),
            EndTime = Timestamp.FromDateTimeOffset(Samples.Start.AddHours(1)),
        });

        Assert.Equal(Samples.Id(1), Assert.Single(response.Alerts).Alert.Id);
    }

    [Fact]
    public async Task An_unknown_alert_is_not_found()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.GetAlertAsync(new GetAlertRequest { AlertId = "nothing" }));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Every_fault_of_a_request_is_told_at_once()
    {
        var request = new ListAlertsRequest
        {
            PageSize = 1001,
            PageToken = "?",
            Category = (Category)99,
            MinSeverity = (Severity)99,
            StartTime = new Timestamp { Seconds = long.MaxValue },
        };

        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.ListAlertsAsync(request));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.All(["page_size", "page_token", "category", "min_severity", "start_time"], field => Assert.Contains(field, error.Status.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_subscriber_may_not_read_the_history()
    {
        var client = new HistoryService.HistoryServiceClient(_site.Channel(Role.Logger, _site.Person(PeerKind.Subscriber)));

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.ListAlertsAsync(new ListAlertsRequest()));

        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
    }

    [Fact]
    public void Words_and_enums_name_the_same()
    {
        foreach (var category in System.Enum.GetValues<Category>().Where(one => one != Category.Unspecified))
        {
            Assert.Equal(category.ToString(), string.Concat(AlertWire.Word(category)!.Split('-').Select(part => char.ToUpperInvariant(part[0]) + part[1..])));
        }

        foreach (var severity in System.Enum.GetValues<Severity>().Where(one => one != Severity.Unspecified))
        {
            Assert.Equal(severity.ToString(), AlertWire.Word(severity), ignoreCase: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _logger.DisposeAsync();
        await _site.DisposeAsync();
    }
}
