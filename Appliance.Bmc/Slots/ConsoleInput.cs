using System.Text;
using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Slots;

/// <summary>Types into a slot's console. The board takes text and ends it with CR LF itself, so it is typed line by line.</summary>
internal sealed class ConsoleInput(IBoard board)
{
    private const int MaxBytes = 4096;

    // Each line is a request of its own, and the board takes them one after the other.
    private const int MaxLines = 64;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public async Task WriteAsync(SlotNumber slot, ReadOnlyMemory<byte> input, string field, CancellationToken token)
    {
        foreach (var line in Lines(input.Span, field))
        {
            await board.WriteConsoleAsync(slot, line, token);
        }
    }

    private static string[] Lines(ReadOnlySpan<byte> input, string field)
    {
        if (input.Length is 0 or > MaxBytes)
        {
            throw new InvalidInputException(field, $"{input.Length} bytes are not from 1 to {MaxBytes}");
        }

        var lines = Text(input, field).Split(["\r\n", "\n", "\r"], StringSplitOptions.None);

        // The end of the last line is the board's to write.
        lines = lines.Length > 1 && lines[^1].Length == 0 ? lines[..^1] : lines;
        return lines.Length <= MaxLines ? lines : throw new InvalidInputException(field, $"{lines.Length} lines are more than {MaxLines}");
    }

    private static string Text(ReadOnlySpan<byte> input, string field)
    {
        try
        {
            return Strict.GetString(input);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidInputException(field, "is no UTF-8, and the board takes nothing else");
        }
    }
}
