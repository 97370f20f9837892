using System.Net;
using System.Text;

namespace Appliance.Bmc.Board;

/// <summary>An answer as it came, not yet believed.</summary>
internal sealed record BoardReply(HttpStatusCode Status, string MediaType, byte[] Body)
{
    // Enough for the daemon's longest text; a page of HTML need not be quoted whole.
    private const int QuotedLetters = 120;

    /// <summary>When to come back, where the answer says so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The body as one short line, for messages.</summary>
    public string Text()
    {
        var text = Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, QuotedLetters)));
        return string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
    }
}
