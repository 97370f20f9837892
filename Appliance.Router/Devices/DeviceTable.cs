using System.Buffers.Binary;
using Appliance.Router.Decoding;
using Microsoft.Data.Sqlite;

namespace Appliance.Router.Devices;

/// <summary>Devices on disk, without what is worked out anew at each start: maker and kind.</summary>
internal sealed class DeviceTable(DeviceDatabase database)
{
    public IReadOnlyList<Device> Read() => database.Run(command =>
    {
        var addresses = command.With("SELECT mac, address, first_seen, last_seen FROM addresses ORDER BY mac, place")
            .ReadAll(row => (Mac: row.GetInt64(0), Address: new DeviceAddress(BinaryPrimitives.ReadUInt128BigEndian(row.GetFieldValue<byte[]>(1)), TimeOf(row, 2), TimeOf(row, 3))))
            .ToLookup(row => row.Mac, row => row.Address);
        var traits = command.With("SELECT mac, source, text FROM traits ORDER BY mac, place")
            .ReadAll(row => (Mac: row.GetInt64(0), Trait: new DeviceTrait((TraitSource)row.GetInt32(1), row.GetString(2))))
            .ToLookup(row => row.Mac, row => row.Trait);
        return command.With("SELECT mac, name, state, policy, edition, first_seen, last_seen, allowed FROM devices ORDER BY last_seen").ReadAll(row => ReadRow(row) with
        {
            Addresses = [.. addresses[row.GetInt64(0)]],
            Traits = [.. traits[row.GetInt64(0)]],
        });
    });

    /// <summary>Writes devices as they now are, and takes out those that are forgotten.</summary>
    public void Save(IReadOnlyCollection<Device> devices, IReadOnlyCollection<MacAddress> forgotten) => database.Run(command =>
    {
        foreach (var mac in forgotten)
        {
            DeleteDetails(command, mac);
            command.With("DELETE FROM devices WHERE mac = @mac", ("@mac", (long)mac.Value)).ExecuteNonQuery();
        }

        foreach (var device in devices)
        {
            DeleteDetails(command, device.Mac);
            SaveDevice(command, device);
        }

        return 0;
    });

    private static void DeleteDetails(SqliteCommand command, MacAddress mac)
    {
        command.With("DELETE FROM addresses WHERE mac = @mac", ("@mac", (long)mac.Value)).ExecuteNonQuery();
        command.With("DELETE FROM traits WHERE mac = @mac", ("@mac", (long)mac.Value)).ExecuteNonQuery();
    }

    private static void SaveDevice(SqliteCommand command, Device device)
    {
        var mac = ("@mac", (object)(long)device.Mac.Value);
        command.With(
            """
            INSERT OR REPLACE INTO devices (mac, name, state, policy, allowed, edition, first_seen, last_seen)
            VALUES (@mac, @name, @state, @policy, @allowed, @edition, @first, @last)
            """,
            mac,
            ("@name", device.Name),
            ("@state", (int)device.State),
            ("@policy", (int)device.Policy),
            ("@allowed", string.Join(' ', device.AllowedTimes)),
            ("@edition", device.Edition),
            ("@first", device.FirstSeen.UtcTicks),
            ("@last", device.LastSeen.UtcTicks)).ExecuteNonQuery();
        foreach (var (place, address) in device.Addresses.Index())
        {
            var bytes = new byte[IPAddresses.IPv6Length];
            BinaryPrimitives.WriteUInt128BigEndian(bytes, address.Address);
            command.With(
                "INSERT INTO addresses (mac, place, address, first_seen, last_seen) VALUES (@mac, @place, @address, @first, @last)",
                mac,
                ("@place", place),
                ("@address", bytes),
                ("@first", address.FirstSeen.UtcTicks),
                ("@last", address.LastSeen.UtcTicks)).ExecuteNonQuery();
        }

        foreach (var (place, trait) in device.Traits.Index())
        {
            command.With(
                "INSERT INTO traits (mac, place, source, text) VALUES (@mac, @place, @source, @text)",
                mac,
                ("@place", place),
                ("@source", (int)trait.Source),
                ("@text", trait.Text)).ExecuteNonQuery();
        }
    }

    private static Device ReadRow(SqliteDataReader row) => new(new MacAddress((ulong)row.GetInt64(0)), TimeOf(row, 5))
    {
        Name = row.GetString(1),
        State = (DeviceState)row.GetInt32(2),
        Policy = (DevicePolicy)row.GetInt32(3),
        Edition = row.GetInt32(4),
        LastSeen = TimeOf(row, 6),
        AllowedTimes = [.. TimesOf(row.GetString(7))],
    };

    private static IEnumerable<DayTimes> TimesOf(string text)
    {
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (DayTimes.TryParse(word, out var times))
            {
                yield return times;
            }
        }
    }

    private static DateTimeOffset TimeOf(SqliteDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);
}
