using System.Text.Json;
using Appliance.Logger.Alerts;
using Appliance.Logger.Export;
using Appliance.Logger.Tests.Alerts;

namespace Appliance.Logger.Tests.Export;

public sealed class AlertLineTests
{
    // The contract's text. It may only change together with "schema".
    private const string Golden =
        """{"schema":1,"id":"01JD0000000000000000000001","time":"2026-11-24T10:00:01.000000Z","category":"scan","severity":"medium","source":"192.0.2.7","destinations":["198.51.100.1","198.51.100.2"],"service":"tcp/22","technique":"T1046","confidence":0.95,"evidence":{"events":5,"first":"2026-11-24T10:00:01.000000Z","last":"2026-11-24T10:00:03.000000Z"},"explanation":[{"feature":"failed contacts","value":5,"normal":0.5,"text":"5 of 5 first contacts failed"}],"action":"none"}""";

    [Fact]
    public void The_line_is_the_contracts_to_the_letter() => Assert.Equal(Golden, AlertLine.From(Samples.Alert(1)).ToJson());

    [Fact]
    public void Bytes_and_text_are_the_same() =>
        Assert.Equal(Golden, System.Text.Encoding.UTF8.GetString(AlertLine.From(Samples.Alert(1)).ToUtf8()));

    [Theory]
    [InlineData(AlertAction.None, "none")]
    [InlineData(AlertAction.WouldBlock, "would-block")]
    [InlineData(AlertAction.Blocked, "blocked")]
    [InlineData(AlertAction.RateLimited, "rate-limited")]
    public void Each_action_has_its_word(AlertAction action, string word)
    {
        string line = AlertLine.From(Samples.Alert(1) with { Action = action }).ToJson();

        Assert.EndsWith($"\"action\":\"{word}\"}}", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cr\r\nlf")]
    [InlineData("\u001b[31mred\u0007")]
    [InlineData("\u2028\u2029\u0085")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"}\n{\"id\":\"forged\"")]
    public void Hostile_text_stays_one_printable_line_and_cannot_add_fields(string text)
    {
        var alert = Samples.Alert(1) with
        {
            Source = text,
            Destinations = [text],
            Service = text,
            Explanations = [new AlertExplanation(text, 1, 0, text)],
        };

        string line = AlertLine.From(alert).ToJson();

        Assert.All(line, character => Assert.InRange(character, ' ', '~'));
        using var json = JsonDocument.Parse(line);
        Assert.Equal(13, json.RootElement.EnumerateObject().Count());
        Assert.Equal(Samples.Id(1), json.RootElement.GetProperty("id").GetString());
        Assert.DoesNotContain(json.RootElement.GetProperty("explanation")[0].GetProperty("text").GetString()!, char.IsControl);
    }

    [Fact]
    public void Huge_text_and_long_lists_are_cut()
    {
        var alert = Samples.Alert(1) with
        {
            Destinations = [.. Enumerable.Range(0, 500).Select(number => $"192.0.2.{number}")],
            Explanations = [new AlertExplanation("f", 1, 0, new string('x', 65536))],
        };

        using var json = JsonDocument.Parse(AlertLine.From(alert).ToJson());

        Assert.Equal(32, json.RootElement.GetProperty("destinations").GetArrayLength());
        Assert.Equal(1024, json.RootElement.GetProperty("explanation")[0].GetProperty("text").GetString()!.Length);
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(double.PositiveInfinity, double.MaxValue)]
    [InlineData(double.NegativeInfinity, double.MinValue)]
    public void A_number_that_JSON_lacks_is_told_as_the_nearest_it_has(double value, double told)
    {
        var alert = Samples.Alert(1) with { Explanations = [new AlertExplanation("likelihood ratio", value, 1, "")] };

        using var json = JsonDocument.Parse(AlertLine.From(alert).ToJson());

        Assert.Equal(told, json.RootElement.GetProperty("explanation")[0].GetProperty("value").GetDouble());
    }

    [Fact]
    public void Times_are_in_UTC_whatever_the_offset()
    {
        var alert = Samples.Alert(1) with { Time = new DateTimeOffset(2026, 11, 24, 12, 0, 0, 123, TimeSpan.FromHours(2)) };

        Assert.Contains("\"time\":\"2026-11-24T10:00:00.123000Z\"", AlertLine.From(alert).ToJson(), StringComparison.Ordinal);
    }
}
