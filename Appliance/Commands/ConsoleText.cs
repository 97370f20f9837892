using System.Text;

namespace Appliance.Commands;

/// <summary>Bytes of a serial console as text for a terminal: letters that two answers share are put together, and nothing in it may steer the terminal.</summary>
internal sealed class ConsoleText
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    public string Read(ReadOnlySpan<byte> bytes)
    {
        var letters = new char[bytes.Length + 1];
        var count = _decoder.GetChars(bytes, letters, flush: false);
        var text = new StringBuilder(count);
        foreach (var letter in letters.AsSpan(0, count))
        {
            // Line feeds and tabs are what a console is made of; a lone CR or an escape would write over what is there.
            if (letter is '\n' or '\t' || !char.IsControl(letter))
            {
                text.Append(letter);
            }
        }

        return text.ToString();
    }
}
