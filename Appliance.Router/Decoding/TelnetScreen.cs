using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Appliance.Router.Decoding;

/// <summary>The last words on the screen of a Telnet client, in lower case with single blanks, and what those before them have told.</summary>
internal struct TelnetScreen
{
    // The longest that matters, "last successful login", has 21.
    private const int Kept = 24;
    private const int Capacity = 2 * Kept;

    private const byte Command = 0xff;

    private TelnetFilter _filter;
    private Characters _characters;
    private byte _length;

    /// <summary>Words of a verdict since the screen was cleared.</summary>
    public TelnetWords Words { get; private set; }

    /// <summary>Without blanks at its end.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Text => ((ReadOnlySpan<byte>)_characters)[.._length].TrimEnd((byte)' ');

    /// <summary>Takes a byte, and looks whether it is the last of a word that tells a verdict.</summary>
    public void Read(byte value)
    {
        if (_filter.IsText(value))
        {
            Add(value);
            Words |= LastWord();
        }
    }

    /// <summary>Takes what is no verdict.</summary>
    public void Skim(ReadOnlySpan<byte> bytes)
    {
        if (_filter.IsInText && !bytes.Contains(Command))
        {
            // A screen full, without blanks that count once: what stood before has scrolled off.
            bytes = bytes[Math.Max(0, bytes.Length - (8 * Capacity))..];
        }

        foreach (var value in bytes)
        {
            if (_filter.IsText(value))
            {
                Add(value);
            }
        }
    }

    public readonly bool EndsWith(ReadOnlySpan<byte> word) => Text.EndsWith(word);

    /// <summary>Forgets the words; a command that has begun goes on.</summary>
    public void Clear()
    {
        _length = 0;
        Words = TelnetWords.None;
        ((Span<byte>)_characters).Clear();
    }

    private void Add(byte value)
    {
        var isBlank = value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0;
        if (isBlank && _length > 0 && _characters[_length - 1] == ' ')
        {
            return;
        }

        if (_length == Capacity)
        {
            Span<byte> all = _characters;
            all[Kept..].CopyTo(all);
            _length = Kept;
        }

        _characters[_length++] = isBlank ? (byte)' ' : value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
    }

    private readonly TelnetWords LastWord()
    {
        var text = ((ReadOnlySpan<byte>)_characters)[.._length];
        return (char)text[^1] switch
        {
            // login(1) tells of earlier failures after a success.
            'n' when text.EndsWith("last login"u8) || text.EndsWith("last failed login"u8) || text.EndsWith("last successful login"u8) => TelnetWords.LastLogin,
            't' when text.EndsWith("incorrect"u8) => TelnetWords.Refusal,
            'l' when text.EndsWith("fail"u8) => TelnetWords.Refusal,
            'd' when text.EndsWith("invalid"u8) || text.EndsWith("denied"u8) || text.EndsWith("bad password"u8) => TelnetWords.Refusal,
            'g' when text.EndsWith("wrong"u8) => TelnetWords.Refusal,
            'e' when text.EndsWith("welcome"u8) => TelnetWords.Welcome,
            'x' when text.EndsWith("busybox"u8) => TelnetWords.Welcome,
            _ => TelnetWords.None,
        };
    }

    [InlineArray(Capacity)]
    private struct Characters
    {
        private byte _first;
    }
}
