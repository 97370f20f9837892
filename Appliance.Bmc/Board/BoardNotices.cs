using System.Globalization;
using Appliance.Hosting.Events;
using Appliance.Hosting.Health;

namespace Appliance.Bmc.Board;

/// <summary>Tells health and events how far the board can be trusted; each thing once, until it changes.</summary>
internal sealed class BoardNotices(HealthBoard health, EventLog events)
{
    public const string Part = "board-trust";

    private const string Plain = "firmware 1 of this board knows no encryption and no log-in: whoever reaches its address can switch its slots";
    private const string DefaultPassword = "the board still takes the maker's password for root; change it there with 'passwd' over SSH. Until then nothing is switched or flashed";
    private const string AllowedPassword = "the board still takes the maker's password for root, which the configuration allows";

    private readonly Lock _gate = new();
    private string? _told;
    private string? _refused;

    /// <summary>What was seen of a board at its last answer.</summary>
    public void Report(BoardEndpoint endpoint, BoardStanding standing)
    {
        var (state, text) = (standing, endpoint.AllowDefaultPassword) switch
        {
            ({ IsEncrypted: false }, _) => (PartState.Degraded, Plain),
            ({ AcceptsDefaultPassword: true }, false) => (PartState.Degraded, DefaultPassword),
            ({ AcceptsDefaultPassword: true }, true) => (PartState.Degraded, AllowedPassword),
            ({ Certificate: { } shown }, _) => (
                PartState.Healthy,
                string.Create(CultureInfo.InvariantCulture, $"trusted by its certificate, made {shown.Start:yyyy-MM-dd}, valid until {shown.End:yyyy-MM-dd}; boards never renew theirs")),
            _ => (PartState.Healthy, "trusted"),
        };
        health.Report(Part, state, text);
        if (IsNews(ref _told, $"{endpoint.Address} {text}"))
        {
            lock (_gate)
            {
                _refused = null;
            }

            events.Tell(state == PartState.Healthy ? EventSeverity.Info : EventSeverity.Warning, Part, $"Board {endpoint.Address.Authority}: {text}.");
        }
    }

    /// <summary>A certificate that is not the trusted one: nothing is said to the board, and people are told at once.</summary>
    public void ReportRefused(string refusal)
    {
        health.Report(Part, PartState.Degraded, refusal);
        if (IsNews(ref _refused, refusal))
        {
            lock (_gate)
            {
                _told = null;
            }

            events.Tell(EventSeverity.Warning, Part, refusal);
        }
    }

    private bool IsNews(ref string? told, string text)
    {
        lock (_gate)
        {
            var isNews = told != text;
            told = text;
            return isNews;
        }
    }
}
