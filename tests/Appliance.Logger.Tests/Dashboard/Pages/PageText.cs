using System.Text.RegularExpressions;

namespace Appliance.Logger.Tests.Dashboard.Pages;

/// <summary>What tests look for in a page's text.</summary>
internal static partial class PageText
{
    [GeneratedRegex("href=\"/alerts/(?<id>[^\"]+)\">All details", RegexOptions.NonBacktracking)]
    public static partial Regex AlertLink();

    [GeneratedRegex("href=\"(?<address>[^\"]+)\">Older<", RegexOptions.NonBacktracking)]
    public static partial Regex OlderLink();
}
