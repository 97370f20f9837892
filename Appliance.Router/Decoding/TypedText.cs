using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Appliance.Router.Decoding;

/// <summary>A few bytes that somebody types; of what is longer nothing is kept.</summary>
internal struct TypedText
{
    // "PASS " and the longest that matters.
    private const int Capacity = 5 + DefaultCredentials.MaxBytes;
    private const byte TooLong = Capacity + 1;

    private Characters _characters;
    private byte _length;

    public readonly bool IsTooLong => _length == TooLong;

    public readonly bool IsEmpty => _length == 0;

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => ((ReadOnlySpan<byte>)_characters)[..(IsTooLong ? 0 : _length)];

    public void Add(byte value)
    {
        if (_length < Capacity)
        {
            _characters[_length++] = value;
        }
        else if (!IsTooLong)
        {
            Wipe();
            _length = TooLong;
        }
    }

    /// <summary>Takes the last byte back.</summary>
    public void Delete()
    {
        if (!IsTooLong && _length > 0)
        {
            _characters[--_length] = 0;
        }
    }

    public void Wipe()
    {
        CryptographicOperations.ZeroMemory(_characters);
        _length = 0;
    }

    [InlineArray(Capacity)]
    private struct Characters
    {
        private byte _first;
    }
}
