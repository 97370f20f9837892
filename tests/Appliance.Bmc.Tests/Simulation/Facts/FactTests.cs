using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Simulation.Facts;

/// <summary>Every fact that is known of the board, held against the simulator, profile by profile.</summary>
[Trait("Category", "Slow")]
public sealed class FactTests
{
    private static readonly Fact[] All = [.. TransportFacts.All(), .. CallFacts.All(), .. TransferFacts.All(), .. FirstFirmwareFacts.All()];

    public static TheoryData<string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var fact in All)
        {
            foreach (var profile in fact.Profiles.Split(' '))
            {
                rows.Add(fact.Topic, profile, fact.Says);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Simulated_board_does_as_the_board_does(string topic, string profile, string says)
    {
        var fact = All.Single(fact => fact.Topic == topic && fact.Says == says && fact.Profiles.Split(' ').Contains(profile));
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock, options => options with
        {
            Profile = Fact.Profile(profile),
            ListenPlain = topic == "port 80" ? new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0) : null,
            SdCardBytes = says.Contains("with a card", StringComparison.Ordinal) ? 64L << 20 : 0,
        });
        if (board.Board.Address.Scheme == Uri.UriSchemeHttps && topic != "log-in")
        {
            await board.LogInAsync();
        }

        await fact.Check(board, clock);
    }

    [Theory]
    [InlineData("2.0.5")]
    [InlineData("2.3.4")]
    [InlineData("2.3.7")]
    public void Every_topic_has_facts_for_every_secure_profile(string profile)
    {
        string[] topics = ["versions", "transport", "port 80", "log-in", "grammar", "power", "notes", "usb", "console", "flash", "board"];

        var covered = All.Where(fact => fact.Profiles.Split(' ').Contains(profile)).Select(fact => fact.Topic).Distinct();

        Assert.Equal(topics.Order(StringComparer.Ordinal), covered.Order(StringComparer.Ordinal));
    }
}
