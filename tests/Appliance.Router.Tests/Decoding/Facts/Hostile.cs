using System.Text;

namespace Appliance.Router.Tests.Decoding.Facts;

/// <summary>Names as an attacker would choose them, and the plain text that must become of each.</summary>
internal static class Hostile
{
    public static TheoryData<string, string> Names() => new()
    {
        { "cam\r\nSet-Cookie: x", @"cam\013\010Set-Cookie: x" },
        { "<script>alert(1)</script>", "<script>alert(1)</script>" },
        { "\u001b[2J\u001b[31mroot", @"\027[2J\027[31mroot" },
        { "a\0b", @"a\000b" },
        { @"back\slash", @"back\\slash" },
        { "cam\u202eexe", @"cam\226\128\174exe" },
        { "line\u2028end", @"line\226\128\168end" },
        { "Küche", "Küche" },
    };

    /// <summary>A name as long as a name cannot be.</summary>
    public static byte[] Huge { get; } = Encoding.ASCII.GetBytes(new string('a', 64 * 1024));

    public static byte[] Bytes(string name) => Encoding.UTF8.GetBytes(name);

    // 255 bytes of four characters each, "…" or a port behind them; or as many option numbers of five digits, with commas.
    private const int MaxLength = 255 * 6;

    /// <summary>No control character, no escape for a terminal, no more than a name's worth of text.</summary>
    public static bool IsPlain(string text) =>
        text.Length <= MaxLength && !text.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'));
}
