`make torture`: people at work while web server, workers, database and connections are killed at random; an independent checker proves that nothing acknowledged is lost and nothing is done twice.
