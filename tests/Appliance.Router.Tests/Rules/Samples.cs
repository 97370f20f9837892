using Appliance.Router.Rules;

namespace Appliance.Router.Tests.Rules;

/// <summary>Values written as people write them.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static BlockTarget Target(string text) => BlockTarget.TryParse(text, out var target) ? target : throw new FormatException(text);

    public static TargetRange Range(string text) => TargetRange.TryParse(text, out var range) ? range : throw new FormatException(text);

    /// <summary>A block from <see cref="Start"/> on.</summary>
    public static Block Drop(string target, double seconds) => Make(Target(target), BlockAction.Drop, 0, Start, seconds);

    public static Block Limit(string target, int packetsPerSecond) => Make(Target(target), BlockAction.RateLimit, packetsPerSecond, Start, 3600);

    public static Block Make(BlockTarget target, BlockAction action, int packetsPerSecond, DateTimeOffset from, double seconds) =>
        new(target.ToString(), target, action, packetsPerSecond, "test", "", "test", from, from + TimeSpan.FromSeconds(seconds), IsDryRun: false);

    public static BlockRequest Ask(string target, double seconds = 3600) => new(Target(target), BlockAction.Drop, TimeSpan.FromSeconds(seconds), "test", "alice");

    public static BlockRequest AskLimit(string target, int packetsPerSecond = 100) =>
        new(Target(target), BlockAction.RateLimit, TimeSpan.FromHours(1), "test", "alice") { PacketsPerSecond = packetsPerSecond };
}
