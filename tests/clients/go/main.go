// A server as programs use it through go-redis: its defaults, and what its documentation shows first.
//
//	go-redis PORT PROTOCOL strings lists ...
//
// It prints a line for each reply, so that two servers can be compared. A part begins with "== name".
package main

import (
	"context"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

// An opener makes another client of the same server.
type opener func(change func(*redis.Options)) *redis.Client

var parts = map[string]func(client *redis.Client, open opener){
	"strings": useStrings, "bigValues": useBigValues, "expiry": useExpiry, "lists": useLists,
	"hashesAndSets": useHashesAndSets, "sortedSets": useSortedSets, "streams": useStreams, "blocking": useBlocking,
	"pubSub": usePubSub, "transactions": useTransactions, "pipelines": usePipelines, "scans": useScans,
	"errors": useErrors, "connections": useConnections, "dumps": useDumps, "replication": useReplication,
	"restart": useRestart,
}

// show prints the reply of each command, with its name.
func show(commands ...redis.Cmder) {
	for _, command := range commands {
		// The text of a command ends with its reply, or with its error.
		fmt.Println(shortened(command.String()))
	}
}

func shortened(text string) string {
	if len(text) > 300 {
		return fmt.Sprintf("%s... %d bytes", text[:100], len(text))
	}
	return text
}

func useStrings(client *redis.Client, _ opener) {
	show(client.Ping(ctx), client.Set(ctx, "name", "Ada", 0), client.Get(ctx, "name"), client.Get(ctx, "nothing"))
	show(client.SetNX(ctx, "name", "Bob", 0), client.GetSet(ctx, "name", "Zoë ✓"), client.StrLen(ctx, "name"))
	show(client.MSet(ctx, "a", 1, "b", 2.5), client.MGet(ctx, "a", "nothing", "b"), client.Incr(ctx, "a"))
	show(client.IncrByFloat(ctx, "b", 0.1), client.Append(ctx, "a", "xyz"), client.GetRange(ctx, "a", 1, -2))
	show(client.LCS(ctx, &redis.LCSQuery{Key1: "name", Key2: "a", Len: true}), client.Type(ctx, "a"))
	show(client.Copy(ctx, "a", "c", 0, true), client.Del(ctx, "a", "nothing"), client.Exists(ctx, "a", "c"))
	show(client.Set(ctx, "bytes", []byte{0, 255, 13, 10, 128}, 0))
	bytes, err := client.Get(ctx, "bytes").Bytes()
	fmt.Println("bytes", bytes, err)
}

func useBigValues(client *redis.Client, _ opener) {
	value := strings.Repeat("z", 8<<20)
	show(client.Set(ctx, "big", value, 0))
	fmt.Println("same", client.Get(ctx, "big").Val() == value)
	values := make([]interface{}, 20000)
	for i := range values {
		values[i] = fmt.Sprint("value:", i)
	}
	fmt.Println("RPUSH of many", client.RPush(ctx, "list", values...).Val())
	fmt.Println("LRANGE of many", fmt.Sprint(client.LRange(ctx, "list", 0, -1).Val()) == fmt.Sprint(values))
}

func useExpiry(client *redis.Client, _ opener) {
	show(client.Set(ctx, "a", "x", 100*time.Second), client.TTL(ctx, "a"), client.ExpireLT(ctx, "a", time.Hour))
	show(client.ExpireAt(ctx, "a", time.Unix(4102444800, 0)), client.ExpireTime(ctx, "a"), client.Persist(ctx, "a"))
	show(client.TTL(ctx, "a"), client.TTL(ctx, "nothing"), client.ConfigGet(ctx, "maxmemory*"))
}

func useLists(client *redis.Client, _ opener) {
	show(client.RPush(ctx, "l", "a", "b", "c", "d"), client.LPopCount(ctx, "l", 2), client.LRange(ctx, "l", 0, -1))
	show(client.LInsertBefore(ctx, "l", "d", "new"), client.LMove(ctx, "l", "m", "left", "right"))
	show(client.LMPop(ctx, "right", 2, "nothing", "l"), client.LPop(ctx, "l"), client.LLen(ctx, "m"))
	show(client.LPos(ctx, "m", "c", redis.LPosArgs{}), client.LIndex(ctx, "m", -1))
}

func useHashesAndSets(client *redis.Client, _ opener) {
	show(client.HSet(ctx, "h", "name", "Ada", "born", 1815), client.HGetAll(ctx, "h"), client.HGetAll(ctx, "nothing"))
	var person struct {
		Name string `redis:"name"`
		Born int    `redis:"born"`
	}
	fmt.Println("a struct", client.HGetAll(ctx, "h").Scan(&person), person)
	show(client.HMGet(ctx, "h", "name", "nothing"), client.HIncrByFloat(ctx, "h", "born", 0.5))
	show(client.HRandFieldWithValues(ctx, "h", 5), client.HKeys(ctx, "h"), client.HDel(ctx, "h", "name", "nothing"))
	show(client.SAdd(ctx, "s", 1, 2, 3), client.SMembersMap(ctx, "s"), client.SIsMember(ctx, "s", 9))
	show(client.SInter(ctx, "s", "s"), client.SInterCard(ctx, 2, "s", "s"), client.SMIsMember(ctx, "s", 1, 9))
	show(client.SPopN(ctx, "s", 9), client.SCard(ctx, "s"))
}

func useSortedSets(client *redis.Client, _ opener) {
	show(client.ZAdd(ctx, "z", redis.Z{Score: 1, Member: "a"}, redis.Z{Score: 2.5, Member: "b"}))
	show(client.ZAddArgsIncr(ctx, "z", redis.ZAddArgs{XX: true, Members: []redis.Z{{Score: 0.25, Member: "b"}}}))
	show(client.ZScore(ctx, "z", "b"), client.ZMScore(ctx, "z", "a", "nothing"), client.ZRank(ctx, "z", "b"))
	show(client.ZRangeWithScores(ctx, "z", 0, -1), client.ZRank(ctx, "z", "nothing"))
	show(client.ZRangeArgs(ctx, redis.ZRangeArgs{Key: "z", Start: "(1", Stop: "+inf", ByScore: true, Count: 5}))
	show(client.ZUnionWithScores(ctx, redis.ZStore{Keys: []string{"z", "z"}, Weights: []float64{1, 2}}))
	show(client.ZPopMin(ctx, "z"), client.ZMPop(ctx, "max", 5, "nothing", "z"))
	show(client.GeoAdd(ctx, "geo", &redis.GeoLocation{Name: "Palermo", Longitude: 13.361389, Latitude: 38.115556}))
	show(client.GeoAdd(ctx, "geo", &redis.GeoLocation{Name: "Catania", Longitude: 15.087269, Latitude: 37.502669}))
	show(client.GeoDist(ctx, "geo", "Palermo", "Catania", "km"), client.GeoHash(ctx, "geo", "Palermo"))
	around := redis.GeoSearchQuery{Longitude: 15, Latitude: 37, Radius: 200, RadiusUnit: "km", Sort: "ASC"}
	query := redis.GeoSearchLocationQuery{GeoSearchQuery: around, WithCoord: true, WithDist: true}
	show(client.GeoSearchLocation(ctx, "geo", &query))
	for _, position := range client.GeoPos(ctx, "geo", "Palermo", "nothing").Val() {
		fmt.Println("GEOPOS", position)
	}
}

func useStreams(client *redis.Client, _ opener) {
	for _, id := range []string{"1-1", "2-1", "3-1"} {
		show(client.XAdd(ctx, &redis.XAddArgs{Stream: "s", ID: id, Values: []string{"n", id}}))
	}
	show(client.XRangeN(ctx, "s", "-", "+", 2), client.XRead(ctx, &redis.XReadArgs{Streams: []string{"s", "2-1"}, Block: -1}))
	show(client.XGroupCreate(ctx, "s", "g", "0"), client.XGroupCreate(ctx, "s", "g", "0"))
	group := redis.XReadGroupArgs{Group: "g", Consumer: "ann", Streams: []string{"s", ">"}, Block: -1}
	show(client.XReadGroup(ctx, &group), client.XReadGroup(ctx, &group), client.XAck(ctx, "s", "g", "1-1"))
	show(client.XPending(ctx, "s", "g"))
	show(client.XAutoClaim(ctx, &redis.XAutoClaimArgs{Stream: "s", Group: "g", Consumer: "bob", Start: "0"}))
	show(client.XInfoGroups(ctx, "s"), client.XTrimMaxLen(ctx, "s", 1), client.XLen(ctx, "s"))
}

func useBlocking(client *redis.Client, open opener) {
	other := open(nil)
	defer other.Close()
	later := func(change func()) {
		for !strings.Contains(other.Info(ctx, "clients").Val(), "blocked_clients:1") {
			time.Sleep(time.Millisecond)
		}
		change()
	}
	go later(func() { other.RPush(ctx, "q", "job") })
	show(client.BLPop(ctx, 10*time.Second, "nothing", "q"))
	show(client.BLPop(ctx, time.Second, "nothing"))
	go later(func() { other.ZAdd(ctx, "z", redis.Z{Score: 1.5, Member: "m"}) })
	show(client.BZPopMin(ctx, 10*time.Second, "z"))
	go later(func() { other.XAdd(ctx, &redis.XAddArgs{Stream: "s", ID: "5-5", Values: []string{"a", "b"}}) })
	show(client.XRead(ctx, &redis.XReadArgs{Streams: []string{"s", "$"}, Block: 10 * time.Second}))
	go later(func() { other.RPush(ctx, "q", "next") })
	show(client.BLMove(ctx, "q", "r", "left", "right", 10*time.Second))
}

func usePubSub(client *redis.Client, open opener) {
	other := open(nil)
	defer other.Close()
	subscriber := other.Subscribe(ctx, "news")
	defer subscriber.Close()
	confirmed, err := subscriber.Receive(ctx)
	fmt.Println(confirmed, err)
	fmt.Println("PSUBSCRIBE", subscriber.PSubscribe(ctx, "n*"))
	confirmed, err = subscriber.Receive(ctx)
	fmt.Println(confirmed, err)
	show(client.Publish(ctx, "news", "hello"), client.PubSubNumSub(ctx, "news", "nothing"), client.PubSubNumPat(ctx))
	messages := subscriber.Channel()
	fmt.Println(<-messages, <-messages)
}

func useTransactions(client *redis.Client, open opener) {
	commands, err := client.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
		pipe.Set(ctx, "a", 1, 0)
		pipe.Incr(ctx, "a")
		pipe.LPush(ctx, "a", "x")
		pipe.HSet(ctx, "h", "f", "v")
		pipe.HGetAll(ctx, "h")
		return nil
	})
	show(commands...)
	fmt.Println("EXEC", err)
	other := open(nil)
	defer other.Close()
	for _, change := range []bool{true, false} {
		err = client.Watch(ctx, func(tx *redis.Tx) error {
			value, err := tx.Get(ctx, "a").Int()
			if err != nil {
				return err
			}
			if change {
				other.Incr(ctx, "a")
			}
			_, err = tx.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
				pipe.Set(ctx, "a", value*10, 0)
				return nil
			})
			return err
		}, "a")
		fmt.Println("WATCH", err, client.Get(ctx, "a").Val())
	}
}

func usePipelines(client *redis.Client, _ opener) {
	pipe := client.Pipeline()
	for i := 0; i < 5000; i++ {
		pipe.Set(ctx, fmt.Sprint("k:", i), i, 0)
	}
	commands, err := pipe.Exec(ctx)
	fmt.Println("SET of many", len(commands), err)
	commands, err = client.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		pipe.Get(ctx, "k:7")
		pipe.HGet(ctx, "k:7", "f")
		pipe.DBSize(ctx)
		return nil
	})
	show(commands...)
	fmt.Println("errors among others", err)
}

// scanned returns how many different elements an iterator yields, and the first of them in order.
func scanned(iterator *redis.ScanIterator) (int, string) {
	found := map[string]bool{}
	for iterator.Next(ctx) {
		found[iterator.Val()] = true
	}
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	sort.Strings(names)
	if len(names) == 0 {
		return 0, fmt.Sprint(iterator.Err())
	}
	return len(names), names[0]
}

func useScans(client *redis.Client, _ opener) {
	for i := 0; i < 3000; i++ {
		client.SAdd(ctx, "s", fmt.Sprint("m:", i))
		client.Set(ctx, fmt.Sprint("k:", i), "v", 0)
	}
	fmt.Println(scanned(client.Scan(ctx, 0, "k:*", 100).Iterator()))
	fmt.Println(scanned(client.ScanType(ctx, 0, "", 1000, "set").Iterator()))
	fmt.Println(scanned(client.SScan(ctx, "s", 0, "", 100).Iterator()))
	client.HSet(ctx, "h", "a", "1", "b", "2")
	fmt.Println(scanned(client.HScan(ctx, "h", 0, "", 0).Iterator()))
	client.ZAdd(ctx, "z", redis.Z{Score: 1.5, Member: "a"})
	fmt.Println(scanned(client.ZScan(ctx, "z", 0, "", 0).Iterator()))
}

func useErrors(client *redis.Client, _ opener) {
	show(client.Do(ctx, "NOSUCH", "a", "b"), client.Do(ctx, "GET"), client.Set(ctx, "text", "abc", 0))
	show(client.Incr(ctx, "text"), client.SAdd(ctx, "text", "x"), client.Rename(ctx, "nothing", "a"))
	show(client.Do(ctx, "SET", "a", "b", "WHAT"), client.LSet(ctx, "nothing", 0, "x"), client.Ping(ctx))
}

func useConnections(client *redis.Client, open opener) {
	named := open(func(options *redis.Options) {
		options.ClientName, options.DB, options.PoolSize = "ann", 3, 1
	})
	defer named.Close()
	show(named.ClientGetName(ctx), named.Set(ctx, "where", "three", 0), client.Get(ctx, "where"))
	id := named.ClientID(ctx).Val()
	fmt.Println("CLIENT KILL", client.ClientKillByFilter(ctx, "ID", fmt.Sprint(id)).Val())
	show(named.Get(ctx, "where"), named.ClientGetName(ctx))
	fmt.Println("another id", named.ClientID(ctx).Val() != id)
}

func useDumps(client *redis.Client, _ opener) {
	client.XAdd(ctx, &redis.XAddArgs{Stream: "s", ID: "1-1", Values: []string{"a", "b"}})
	value := client.Dump(ctx, "s").Val()
	fmt.Println("RESTORE", client.Restore(ctx, "copy", 0, value).Val())
	show(client.XRange(ctx, "copy", "-", "+"))
	fmt.Println("RESTORE on a key", client.Restore(ctx, "copy", 0, value).Err())
	fmt.Println("RESTORE over a key", client.RestoreReplace(ctx, "copy", time.Hour, value).Err())
	show(client.TTL(ctx, "copy"), client.Restore(ctx, "other", 0, "what is this"), client.Save(ctx))
}

func useReplication(client *redis.Client, _ opener) {
	show(client.Do(ctx, "ROLE"), client.Set(ctx, "a", 1, 0), client.Wait(ctx, 0, 10*time.Millisecond))
	show(client.SlaveOf(ctx, "127.0.0.1", "x"))
}

// useRestart prints "up", and goes on when the server was ended and started again.
func useRestart(client *redis.Client, _ opener) {
	client.Set(ctx, "kept", "yes", 0)
	run := func() string { return client.Info(ctx, "server").Val() }
	id := func(info string) string {
		_, rest, _ := strings.Cut(info, "run_id:")
		id, _, _ := strings.Cut(rest, "\r\n")
		return id
	}
	first := id(run())
	fmt.Println("up")
	for now := first; now == first || now == ""; now = id(run()) {
		time.Sleep(20 * time.Millisecond)
	}
	kept := client.Get(ctx, "kept")
	for kept.Err() != nil && strings.HasPrefix(kept.Err().Error(), "LOADING") {
		kept = client.Get(ctx, "kept")
	}
	show(kept)
}

func main() {
	port, protocol := os.Args[1], os.Args[2]
	open := func(change func(*redis.Options)) *redis.Client {
		options := redis.Options{Addr: "127.0.0.1:" + port}
		if protocol == "2" { // 3 is the default
			options.Protocol = 2
		}
		if change != nil {
			change(&options)
		}
		return redis.NewClient(&options)
	}
	for _, name := range os.Args[3:] {
		part, found := parts[name]
		if !found {
			fmt.Println("there is no part", name)
			os.Exit(1)
		}
		fmt.Println("==", name)
		client := open(nil)
		if err := client.FlushAll(ctx).Err(); err != nil {
			fmt.Println("threw:", err)
		}
		part(client, open)
		client.Close()
	}
	fmt.Println("== done")
}
