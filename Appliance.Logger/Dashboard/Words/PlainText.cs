using Appliance.Logger.Alerts;

namespace Appliance.Logger.Dashboard.Words;

/// <summary>Text from the network, made fit to be looked at: short, on one line, nothing invisible. Markup is encoded by Blazor.</summary>
internal static class PlainText
{
    private const int LongestName = 160;
    private const int LongestSentence = 1000;

    public static string Name(string? text) => Of(text ?? "", LongestName);

    public static string Sentence(string? text) => Of(text ?? "", LongestSentence);

    private static string Of(string text, int longest) =>
        text.Length > longest ? HostileText.Clean(text, longest) + "…" : HostileText.Clean(text, longest);
}
